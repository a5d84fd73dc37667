import { z } from 'zod';
import { refusal } from '../api-error.ts';
import { BOT_USER, type Place } from '../directory.ts';
import { formOf } from '../form.ts';
import { isJson } from '../json.ts';
import { notifiedOf } from '../mentions.ts';
import { contentOf } from '../message-body.ts';
import { messageJson } from '../message-json.ts';
import type { StoredMessage } from '../message-store.ts';
import { type PermissionName, permissionsOf } from '../permissions.ts';
import { messageOf, placeOf, refuseArchived, wakeThread } from '../places.ts';
import { BUDGETS } from '../rate-limits.ts';
import { DONE, ok, type Reply, type Route, type RouteCall } from '../route.ts';
import { compareSnowflakes } from '../snowflakes.ts';

const MESSAGES = '/channels/{channel_id}/messages';
const MESSAGE = '/channels/{channel_id}/messages/{message_id}';
/** "The past few minutes" in which Discord looks for the same nonce. */
const NONCE_MS = 5 * 60_000;

const postForm = z.looseObject({
  nonce: z.union([z.string().max(25), z.number().int()]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .looseObject({ message_id: z.string(), fail_if_not_exists: z.boolean().nullish() })
    .nullish(),
});

export const MESSAGE_ROUTES: readonly Route[] = [
  { method: 'POST', template: MESSAGES, auth: 'bot', budget: BUDGETS.posts, run: post },
  { method: 'GET', template: MESSAGES, auth: 'bot', budget: BUDGETS.reads, run: list },
  { method: 'GET', template: MESSAGE, auth: 'bot', budget: BUDGETS.reads, run: get },
  { method: 'PATCH', template: MESSAGE, auth: 'bot', budget: BUDGETS.edits, run: edit },
  { method: 'DELETE', template: MESSAGE, auth: 'bot', budget: BUDGETS.deletes, run: remove },
];

function post(call: RouteCall): Reply {
  const { world } = call;
  const place = placeOf(call);
  const needed: PermissionName = place.kind === 'thread' ? 'SendMessagesInThreads' : 'SendMessages';
  const files: readonly PermissionName[] = call.files.length > 0 ? ['AttachFiles'] : [];
  const embeds: readonly PermissionName[] = hasEmbeds(call.body) ? ['EmbedLinks'] : [];
  placeOf(call, [needed, ...files, ...embeds]);
  if (place.kind === 'dm' && place.user.closedToBots === true) throw refusal('closedToYou');
  const content = contentOf(world, call, null);
  const form = formOf(postForm, call.body);
  const twin = form.enforce_nonce === true ? sameNonce(call, form.nonce ?? null) : null;
  if (twin !== null) return ok(messageJson(world, twin));
  const repliesTo = repliedTo(call, form.message_reference ?? null);
  wakeThread(world, place);
  const { allowed, ...said } = content;
  const notified = notifiedOf(world, { ...said, onlyFor: null }, { allowed, place });
  const whose = { channelId: place.id, author: BOT_USER, nonce: form.nonce ?? null, repliesTo };
  const message = world.messages.add({ ...whose, ...said, notified });
  announce(call, { place, event: 'MESSAGE_CREATE', message });
  return ok(messageJson(world, message));
}

function list(call: RouteCall): Reply {
  const { world, query } = call;
  const place = placeOf(call);
  const bits = permissionsOf(world.directory, BOT_USER, place);
  if (place.kind !== 'dm' && (bits & (1n << 16n)) === 0n) return ok([]);
  const limit = Number(query.get('limit') ?? 50);
  const all = world.messages
    .all()
    .filter(({ channelId, onlyFor }) => channelId === place.id && onlyFor === null);
  const [before, after, around] = [query.get('before'), query.get('after'), query.get('around')];
  return ok(chosen(all, { before, after, around, limit }).map((message) => messageJson(world, message)));
}

/** Newest first, as Discord lists them. */
function chosen(
  all: readonly StoredMessage[],
  asked: { before: string | null; after: string | null; around: string | null; limit: number },
): readonly StoredMessage[] {
  const { before, after, around, limit } = asked;
  if (around !== null) {
    const index = all.findIndex(({ id }) => compareSnowflakes(id, around) >= 0);
    const start = Math.max(0, (index < 0 ? all.length : index) - Math.floor(limit / 2));
    return all.slice(start, start + limit).toReversed();
  }
  if (after !== null) {
    return all
      .filter(({ id }) => compareSnowflakes(id, after) > 0)
      .slice(0, limit)
      .toReversed();
  }
  const older = before === null ? all : all.filter(({ id }) => compareSnowflakes(id, before) < 0);
  return older.slice(-limit).toReversed();
}

function get(call: RouteCall): Reply {
  const place = placeOf(call, ['ReadMessageHistory']);
  return ok(messageJson(call.world, messageOf(call, place)));
}

function edit(call: RouteCall): Reply {
  const { world } = call;
  const place = placeOf(call);
  const message = messageOf(call, place);
  if (message.author !== BOT_USER) throw refusal('notYours');
  refuseArchived(place);
  const { allowed: _, ...said } = contentOf(world, call, message);
  world.oldEdits.take(message);
  const changed = world.messages.change(message, { ...said, editedAt: world.now() });
  announce(call, { place, event: 'MESSAGE_UPDATE', message: changed });
  return ok(messageJson(world, changed));
}

function remove(call: RouteCall): Reply {
  const { world } = call;
  const place = placeOf(call);
  const message = messageOf(call, place);
  if (message.author !== BOT_USER) placeOf(call, ['ManageMessages']);
  refuseArchived(place);
  world.messages.remove(message);
  const where = place.kind === 'dm' ? {} : { guild_id: world.directory.guild.id };
  const intent = place.kind === 'dm' ? 'DirectMessages' : 'GuildMessages';
  world.gateway.dispatch('MESSAGE_DELETE', { id: message.id, channel_id: place.id, ...where }, intent);
  return DONE;
}

function hasEmbeds(body: unknown): boolean {
  return isJson(body) && Array.isArray(body.embeds) && body.embeds.length > 0;
}

function sameNonce({ world }: RouteCall, nonce: string | number | null): StoredMessage | null {
  if (nonce === null) return null;
  const since = world.now() - NONCE_MS;
  const own = world.messages
    .all()
    .filter(({ author, createdAt }) => author === BOT_USER && createdAt > since);
  return own.find((message) => String(message.nonce) === String(nonce) && message.nonce !== null) ?? null;
}

function repliedTo(
  { world }: RouteCall,
  reference: { message_id: string; fail_if_not_exists?: boolean | null | undefined } | null,
): string | null {
  if (reference === null) return null;
  if (world.messages.find(reference.message_id) !== null) return reference.message_id;
  if (reference.fail_if_not_exists === false) return null;
  throw refusal('unknownMessage');
}

function announce(
  { world }: RouteCall,
  what: { place: Place; event: 'MESSAGE_CREATE' | 'MESSAGE_UPDATE'; message: StoredMessage },
): void {
  const { place, event, message } = what;
  const where = place.kind === 'dm' ? {} : { guild_id: world.directory.guild.id };
  const intent = place.kind === 'dm' ? 'DirectMessages' : 'GuildMessages';
  world.gateway.dispatch(event, { ...messageJson(world, message), ...where }, intent);
}
