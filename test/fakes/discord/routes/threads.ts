import { z } from 'zod';
import { refusal } from '../api-error.ts';
import { BOT_USER, type Place } from '../directory.ts';
import { formOf } from '../form.ts';
import { placeJson, threadJson } from '../place-json.ts';
import {
  changeThread,
  mayManageThread,
  mayManageThreads,
  messageOf,
  placeOf,
  refuseArchived,
} from '../places.ts';
import { BUDGETS } from '../rate-limits.ts';
import { DONE, ok, type Reply, type Route, type RouteCall } from '../route.ts';

const CHANNEL = '/channels/{channel_id}';

const autoArchive = z.literal([60, 1440, 4320, 10080]).nullish();
const startForm = z.looseObject({ name: z.string().min(1).max(100), auto_archive_duration: autoArchive });
const changeForm = z.looseObject({
  name: z.string().min(1).max(100).nullish(),
  archived: z.boolean().nullish(),
  locked: z.boolean().nullish(),
  auto_archive_duration: autoArchive,
});

export const THREAD_ROUTES: readonly Route[] = [
  {
    ...{ method: 'POST', template: '/channels/{channel_id}/messages/{message_id}/threads', auth: 'bot' },
    ...{ budget: BUDGETS.threads, run: start },
  },
  { method: 'GET', template: CHANNEL, auth: 'bot', budget: BUDGETS.reads, run: get },
  { method: 'PATCH', template: CHANNEL, auth: 'bot', budget: BUDGETS.threads, run: change },
  {
    ...{ method: 'PUT', template: '/channels/{channel_id}/thread-members/@me', auth: 'bot' },
    ...{ budget: BUDGETS.threads, run: join },
  },
];

function get(call: RouteCall): Reply {
  return ok(placeJson(call.world.directory, placeOf(call)));
}

/** A thread that is started from a message has the message's id. */
function start(call: RouteCall): Reply {
  const { world } = call;
  const place = placeOf(call);
  if (place.kind !== 'channel') throw refusal('wrongChannelType');
  placeOf(call, ['CreatePublicThreads']);
  const message = messageOf(call, place);
  const form = formOf(startForm, call.body);
  if (world.directory.thread(message.id) !== null) throw refusal('threadExists');
  const at = world.now();
  const thread = {
    ...{ id: message.id, parentId: place.id, name: form.name, ownerId: BOT_USER },
    ...{ archived: false, locked: false, createdAt: at, changedAt: at },
    autoArchiveMinutes: form.auto_archive_duration ?? 1440,
  };
  world.directory.putThread(thread);
  world.messages.change(message, {});
  const json = threadJson(world.directory, thread);
  world.gateway.dispatch('THREAD_CREATE', { ...json, newly_created: true }, 'Guilds');
  return { status: 201, body: json };
}

function change(call: RouteCall): Reply {
  const { world } = call;
  const place = threadOf(call);
  const { thread } = place;
  const form = formOf(changeForm, call.body);
  if (!mayManageThread(world, thread, place)) throw refusal('missingPermissions');
  const wakes = form.archived === false;
  const isLock = form.locked !== undefined && form.locked !== null && form.locked !== thread.locked;
  if ((isLock || (wakes && thread.locked)) && !mayManageThreads(world, place)) {
    throw refusal('missingPermissions');
  }
  if (!wakes) refuseArchived(place);
  const changed = changeThread(world, thread, {
    name: form.name ?? thread.name,
    archived: form.archived ?? thread.archived,
    locked: form.locked ?? thread.locked,
    autoArchiveMinutes: form.auto_archive_duration ?? thread.autoArchiveMinutes,
  });
  return ok(threadJson(world.directory, changed));
}

function join(call: RouteCall): Reply {
  refuseArchived(threadOf(call));
  return DONE;
}

/** The app has no permission to change channels, only threads. */
function threadOf(call: RouteCall): Extract<Place, { kind: 'thread' }> {
  const place = placeOf(call);
  if (place.kind === 'dm') throw refusal('notInDirectMessages');
  if (place.kind === 'channel') throw refusal('missingPermissions');
  return place;
}
