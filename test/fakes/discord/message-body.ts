import { MessageFlags } from 'discord.js';
import { z } from 'zod';
import { invalidAt, refusal } from './api-error.ts';
import { layoutComponents, plainComponents, refuseComponents, withIds } from './components.ts';
import { embedList, refuseEmbeds } from './embeds.ts';
import { formOf } from './form.ts';
import type { Json } from './json.ts';
import { type AllowedMentions, allowedMentions } from './mentions.ts';
import type { Attachment, StoredMessage } from './message-store.ts';
import type { World } from './world.ts';

const CONTENT_LIMIT = 2000;
const FILE_LIMIT_BYTES = 10 * 1024 * 1024;
/** What an app may ask for itself; Ephemeral is the interactions' business. */
const KEPT_FLAGS =
  MessageFlags.SuppressEmbeds | MessageFlags.SuppressNotifications | MessageFlags.IsComponentsV2;

const messageForm = z.looseObject({
  content: z.string().max(CONTENT_LIMIT).nullish(),
  embeds: embedList.nullish(),
  components: z.array(z.looseObject({})).nullish(),
  flags: z.number().int().min(0).nullish(),
  allowed_mentions: allowedMentions.nullish(),
  attachments: z
    .array(
      z.looseObject({
        id: z.union([z.string().regex(/^\d+$/), z.number().int().min(0)]),
        filename: z.string().max(1024).nullish(),
        description: z.string().max(1024).nullish(),
      }),
    )
    .max(10)
    .nullish(),
});

type MessageForm = z.infer<typeof messageForm>;

/** A file that came with a request, by the number in its field's name. */
export interface Upload {
  index: number;
  name: string;
  content: Buffer;
}

export interface MessageBody {
  body: unknown;
  files: readonly Upload[];
}

/** What a message says next; null allowed mentions let all through. */
export interface Content
  extends Pick<StoredMessage, 'content' | 'embeds' | 'components' | 'flags' | 'attachments'> {
  allowed: AllowedMentions | null;
}

/** The message after this request. Parts that an edit doesn't name stay. @throws ApiError */
export function contentOf(world: World, given: MessageBody, before: StoredMessage | null): Content {
  const form = formOf(messageForm, given.body);
  const flags = flagsOf(form, before);
  const next = {
    content: form.content === undefined ? (before?.content ?? '') : (form.content ?? ''),
    embeds: form.embeds === undefined ? (before?.embeds ?? []) : (form.embeds ?? []),
    components: componentsOf(form, { flags, before }),
    attachments: attachmentsOf(world, { form, files: given.files, before }),
    flags,
  };
  refuseEmbeds(next.embeds);
  if ((flags & MessageFlags.IsComponentsV2) !== 0) refuseMixture(next);
  const parts = [next.content, next.embeds, next.components, next.attachments];
  if (parts.every(({ length }) => length === 0)) throw refusal('emptyMessage');
  return { ...next, allowed: form.allowed_mentions ?? null };
}

function flagsOf(form: MessageForm, before: StoredMessage | null): number {
  const held = (before?.flags ?? 0) & ~MessageFlags.Loading;
  if (form.flags === undefined || form.flags === null) return held;
  const isLayout = (held & MessageFlags.IsComponentsV2) !== 0;
  if (isLayout && (form.flags & MessageFlags.IsComponentsV2) === 0) {
    throw invalidAt('flags', 'The flag IS_COMPONENTS_V2 cannot be removed from a message');
  }
  return (held & ~KEPT_FLAGS) | (form.flags & KEPT_FLAGS);
}

function componentsOf(
  form: MessageForm,
  { flags, before }: { flags: number; before: StoredMessage | null },
): readonly Json[] {
  if (form.components === undefined) return before?.components ?? [];
  const isLayout = (flags & MessageFlags.IsComponentsV2) !== 0;
  const schema = z.looseObject({ components: isLayout ? layoutComponents : plainComponents });
  const { components } = formOf(schema, { components: form.components ?? [] });
  refuseComponents(components);
  return withIds(components);
}

function refuseMixture(next: { content: string; embeds: readonly Json[] }): void {
  if (next.content !== '') {
    throw invalidAt('content', 'The content field cannot be used with the flag IS_COMPONENTS_V2');
  }
  if (next.embeds.length > 0) {
    throw invalidAt('embeds', 'The embeds field cannot be used with the flag IS_COMPONENTS_V2');
  }
}

function attachmentsOf(
  world: World,
  given: { form: MessageForm; files: readonly Upload[]; before: StoredMessage | null },
): readonly Attachment[] {
  const { form, files, before } = given;
  const listed = form.attachments;
  const held = before?.attachments ?? [];
  const kept =
    listed === undefined
      ? held
      : held.filter(({ id }) => (listed ?? []).some((entry) => String(entry.id) === id));
  const size = files.reduce((sum, { content }) => sum + content.length, 0);
  if (size > FILE_LIMIT_BYTES) throw refusal('tooLarge');
  const added = files.map((file) => {
    const entry = listed?.find(({ id }) => String(id) === String(file.index));
    const name = entry?.filename ?? file.name;
    const description = entry?.description ?? null;
    return { id: world.snowflakes.next(), name, content: file.content, description };
  });
  if (kept.length + added.length > 10) throw invalidAt('attachments', 'Must be 10 or fewer.');
  return [...kept, ...added];
}
