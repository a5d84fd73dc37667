import { BOT_USER, type Conversation } from '../directory.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import type { Call } from './method.ts';

/** The scopes of a method that reads conversations, by the kind of the one that the call names. */
export function scopesByKind(what: 'read' | 'history'): (call: Call) => readonly string[] {
  return ({ args, world }) => {
    const kind = world.directory.conversation(args.text('channel') ?? '')?.kind;
    if (kind === 'im') return [`im:${what}`];
    if (kind === 'private') return [`groups:${what}`];
    return kind === 'public' ? [`channels:${what}`] : [`channels:${what}`, `groups:${what}`, `im:${what}`];
  };
}

export function isMember(conversation: Conversation, user = BOT_USER): boolean {
  return conversation.members.includes(user);
}

/** A conversation that the bot may know of. @throws Refusal */
export function visibleConversation(world: World, id: string | null): Conversation {
  const found = world.directory.conversation(id ?? '');
  if (found === null || (found.kind === 'private' && !isMember(found))) {
    throw new Refusal('channel_not_found');
  }
  return found;
}

/** A conversation that the bot may write into. @throws Refusal */
export function writableConversation(world: World, id: string | null): Conversation {
  const found = visibleConversation(world, id);
  if (found.isArchived) throw new Refusal('is_archived');
  if (!isMember(found)) throw new Refusal('not_in_channel');
  return found;
}
