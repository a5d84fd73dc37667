import { MessageFlags, PermissionFlagsBits } from 'discord.js';
import { z } from 'zod';
import { BOT_USER, type Place } from './directory.ts';
import type { Json } from './json.ts';
import type { StoredMessage } from './message-store.ts';
import { permissionsOf } from './permissions.ts';
import { textDisplays } from './shown-text.ts';
import type { World } from './world.ts';

const snowflake = z.string().regex(/^\d+$/, 'Value is not snowflake.');

export const allowedMentions = z
  .looseObject({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).nullish(),
    users: z.array(snowflake).max(100).nullish(),
    roles: z.array(snowflake).max(100).nullish(),
  })
  .superRefine((allowed, context) => {
    for (const kind of ['users', 'roles'] as const) {
      if (!allowed.parse?.includes(kind) || (allowed[kind] ?? []).length === 0) continue;
      const message = `parse:["${kind}"] and ${kind}: [ids...] are mutually exclusive.`;
      context.addIssue({ code: 'custom', message, path: [] });
    }
  });

export type AllowedMentions = z.infer<typeof allowedMentions>;

/** Ids that are mentioned where mentions count: in the content and in text displays, not in embeds. */
export function mentionsIn(message: { content: string; components: readonly Json[] }): {
  users: readonly string[];
  roles: readonly string[];
} {
  const text = [message.content, ...textDisplays(message.components)].join('\n');
  return { users: idsIn(text, /<@!?(\d+)>/g), roles: idsIn(text, /<@&(\d+)>/g) };
}

/** Who is really notified of a new message. */
export function notifiedOf(
  world: World,
  message: Pick<StoredMessage, 'content' | 'components' | 'flags' | 'onlyFor'>,
  given: { allowed: AllowedMentions | null; place: Place },
): readonly string[] {
  if ((message.flags & MessageFlags.SuppressNotifications) !== 0) return [];
  const { users, roles } = mentionsIn(message);
  const { allowed } = given;
  const lets = (kind: 'users' | 'roles', id: string): boolean =>
    allowed === null || (allowed.parse ?? []).includes(kind) || (allowed[kind] ?? []).includes(id);
  const people = users.filter((id) => lets('users', id) && world.directory.user(id) !== null);
  if (message.onlyFor !== null) return people.filter((id) => id === message.onlyFor);
  const mayMentionAll =
    (permissionsOf(world.directory, BOT_USER, given.place) & PermissionFlagsBits.MentionEveryone) !== 0n;
  const groups = roles.filter((id) => {
    const role = world.directory.role(id);
    return role !== null && lets('roles', id) && (mayMentionAll || role.mentionable !== false);
  });
  return [...people, ...groups];
}

function idsIn(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].flatMap(([, id]) => (id === undefined ? [] : [id])))];
}
