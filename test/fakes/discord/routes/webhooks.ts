import { fillAnswer, isLoading, postAnswer } from '../answers.ts';
import { refusal } from '../api-error.ts';
import { APPLICATION } from '../directory.ts';
import type { Interaction } from '../interactions.ts';
import { contentOf } from '../message-body.ts';
import { messageJson } from '../message-json.ts';
import type { StoredMessage } from '../message-store.ts';
import { BUDGETS } from '../rate-limits.ts';
import { DONE, ok, type Reply, type Route, type RouteCall } from '../route.ts';

const WEBHOOK = '/webhooks/{webhook_id}/{webhook_token}';
const ORIGINAL = `${WEBHOOK}/messages/@original`;
const MESSAGE = `${WEBHOOK}/messages/{message_id}`;

const common = { auth: 'none', budget: BUDGETS.webhooks } as const;

/** What follows the first response, with the interaction's own token. */
export const WEBHOOK_ROUTES: readonly Route[] = [
  { ...common, method: 'POST', template: WEBHOOK, run: followUp },
  { ...common, method: 'GET', template: ORIGINAL, run: (call) => get(call, original(call)) },
  { ...common, method: 'PATCH', template: ORIGINAL, run: (call) => edit(call, original(call)) },
  { ...common, method: 'DELETE', template: ORIGINAL, run: (call) => remove(call, original(call)) },
  { ...common, method: 'GET', template: MESSAGE, run: (call) => get(call, named(call)) },
  { ...common, method: 'PATCH', template: MESSAGE, run: (call) => edit(call, named(call)) },
  { ...common, method: 'DELETE', template: MESSAGE, run: (call) => remove(call, named(call)) },
];

/** The first follow-up of a deferred response fills it, whatever its flags say. */
function followUp(call: RouteCall): Reply {
  const { world } = call;
  const interaction = interactionOf(call);
  const original = world.messages.find(interaction.originalId ?? '');
  const message =
    original !== null && isLoading(original)
      ? fillAnswer(world, original, call)
      : postAnswer(world, interaction, call);
  return ok(messageJson(world, message));
}

function get({ world }: RouteCall, message: StoredMessage): Reply {
  return ok(messageJson(world, message));
}

function edit(call: RouteCall, message: StoredMessage): Reply {
  const { world } = call;
  if (isLoading(message)) return ok(messageJson(world, fillAnswer(world, message, call)));
  const { allowed: _, ...said } = contentOf(world, call, message);
  world.oldEdits.take(message);
  return ok(messageJson(world, world.messages.change(message, { ...said, editedAt: world.now() })));
}

function remove({ world }: RouteCall, message: StoredMessage): Reply {
  world.messages.remove(message);
  return DONE;
}

function original(call: RouteCall): StoredMessage {
  return messageOf(call, interactionOf(call).originalId ?? '');
}

function named(call: RouteCall): StoredMessage {
  const id = call.params.get('message_id');
  const { messageIds, originalId } = interactionOf(call);
  if (id !== originalId && !messageIds.has(id)) throw refusal('unknownMessage');
  return messageOf(call, id);
}

function messageOf({ world }: RouteCall, id: string): StoredMessage {
  const message = world.messages.find(id);
  if (message === null) throw refusal('unknownMessage');
  return message;
}

function interactionOf({ world, params }: RouteCall): Interaction {
  if (params.get('webhook_id') !== APPLICATION) throw refusal('unknownWebhook');
  return world.interactions.answered(params.get('webhook_token'));
}
