import type { View } from '@slack/types';
import { checkView } from '../blocks.ts';
import { TIER } from '../rate-limits.ts';
import { Refusal, refusalWith } from '../refusal.ts';
import { viewJson } from '../view-json.ts';
import type { OpenView } from '../view-store.ts';
import type { Call, Method } from './method.ts';
import { scope } from './method.ts';

export const VIEW_METHODS: Readonly<Record<string, Method>> = {
  'views.open': { token: 'bot', perMinute: TIER.four, scopes: scope(), run: open },
  'views.push': { token: 'bot', perMinute: TIER.four, scopes: scope(), run: push },
  'views.update': { token: 'bot', perMinute: TIER.four, scopes: scope(), run: update },
  'views.publish': { token: 'bot', perMinute: TIER.four, scopes: scope(), run: publish },
};

function open(call: Call): Record<string, unknown> {
  const view = viewOf(call, 'modal');
  return answer(call, call.world.views.open(exchange(call), view));
}

function push(call: Call): Record<string, unknown> {
  const view = viewOf(call, 'modal');
  return answer(call, call.world.views.push(exchange(call), view));
}

function update(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const id = args.text('view_id');
  const externalId = args.text('external_id');
  if (id === null && externalId === null) {
    throw refusalWith('invalid_arguments', ['one of view_id and external_id is needed']);
  }
  const known = world.views.find({ id, externalId });
  if (known === null) throw new Refusal('not_found');
  const view = viewOf(call, known.view.type === 'home' ? 'home' : 'modal');
  refuseOldHash(call, known);
  return answer(call, world.views.update(known, view));
}

function publish(call: Call): Record<string, unknown> {
  const { args, world } = call;
  const user = args.required('user_id');
  const found = world.directory.user(user);
  if (found === null) throw refusalWith('invalid_arguments', [`user not found: ${user}`]);
  if (found.deleted === true) throw new Refusal('not_enabled');
  const view = viewOf(call, 'home');
  const known = world.views.home(user);
  if (known !== null) refuseOldHash(call, known);
  return answer(call, world.views.publish(user, view));
}

function viewOf({ args }: Call, kind: 'modal' | 'home'): View {
  const value = args.json('view', 'invalid_arguments');
  if (value === undefined) throw refusalWith('invalid_arguments', ['missing required field: view']);
  return checkView(value, kind);
}

function refuseOldHash({ args }: Call, known: OpenView): void {
  const hash = args.text('hash');
  if (hash !== null && hash !== known.hash) throw new Refusal('hash_conflict');
}

/** The person who caused the trigger id. @throws Refusal */
function exchange({ name, args, world }: Call): string {
  try {
    return world.triggers.exchange(args.required('trigger_id'));
  } catch (error) {
    const again = error instanceof Refusal && error.code === 'exchanged_trigger_id';
    if (again && !world.faults.hasLost(name)) world.journal.breach(`${name} used a trigger id twice`);
    throw error;
  }
}

function answer({ world }: Call, view: OpenView): Record<string, unknown> {
  return { view: viewJson(world, view) };
}
