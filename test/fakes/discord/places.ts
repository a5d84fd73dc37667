import { refusal } from './api-error.ts';
import { BOT_USER, type Place, type Thread } from './directory.ts';
import type { StoredMessage } from './message-store.ts';
import { type PermissionName, permissionsOf, requirePermissions } from './permissions.ts';
import { threadJson } from './place-json.ts';
import type { RouteCall } from './route.ts';
import type { World } from './world.ts';

/** The channel of a path, if the bot may do this there. @throws ApiError */
export function placeOf({ world, params }: RouteCall, names: readonly PermissionName[] = []): Place {
  const place = world.directory.place(params.get('channel_id'));
  if (place === null) throw refusal('unknownChannel');
  requirePermissions(world.directory, place, names);
  return place;
}

/** The message of a path. Ephemeral ones don't exist for a channel's routes. @throws ApiError */
export function messageOf({ world, params }: RouteCall, place: Place): StoredMessage {
  const message = world.messages.find(params.get('message_id'));
  if (message === null || message.channelId !== place.id || message.onlyFor !== null) {
    throw refusal('unknownMessage');
  }
  return message;
}

/** Who writes into an archived thread brings it back, unless it is locked. @throws ApiError 50083 */
export function wakeThread(world: World, place: Place): void {
  if (place.kind !== 'thread' || !place.thread.archived) return;
  if (place.thread.locked) throw refusal('locked');
  changeThread(world, place.thread, { archived: false });
}

/** Nothing in an archived thread can be changed. @throws ApiError 50083 */
export function refuseArchived(place: Place): void {
  if (place.kind === 'thread' && place.thread.archived) throw refusal('archived');
}

export function changeThread(world: World, thread: Thread, change: Partial<Thread>): Thread {
  const changed = { ...thread, ...change, changedAt: world.now() };
  world.directory.putThread(changed);
  world.gateway.dispatch('THREAD_UPDATE', threadJson(world.directory, changed), 'Guilds');
  world.journal.stir();
  return changed;
}

export function mayManageThread(world: World, thread: Thread, place: Place): boolean {
  return thread.ownerId === BOT_USER || mayManageThreads(world, place);
}

export function mayManageThreads(world: World, place: Place): boolean {
  const manage = 1n << 34n;
  return (permissionsOf(world.directory, BOT_USER, place) & manage) !== 0n;
}
