import type { Button, KnownBlock } from '@slack/types';
import { withBlockIds } from './block-ids.ts';
import { messageJson } from './message-json.ts';
import type { StoredMessage } from './message-store.ts';
import { interactivePayload, responseUrl } from './payloads.ts';
import type { Delivery, FakeUser } from './types.ts';
import { viewJson } from './view-json.ts';
import type { OpenView } from './view-store.ts';
import type { World } from './world.ts';

interface Press {
  world: World;
  user: FakeUser;
  wanted: { actionId: string; value: string | undefined };
}

/** @throws Error when the message has no such button */
export function pressInMessage(press: Press, message: StoredMessage): Delivery {
  const { world, user } = press;
  const { channel, ts, threadTs, onlyFor } = message;
  const button = find(press, withBlockIds(message.blocks, ts), `message ${ts}`);
  const thread = threadTs === null ? {} : { thread_ts: threadTs };
  const container = { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: onlyFor !== null };
  const name = world.directory.conversation(channel)?.name;
  return deliver(press, button, {
    container: { ...container, ...thread },
    channel: { id: channel, name },
    // Slack doesn't keep ephemeral messages, so it can't send them along.
    ...(onlyFor === null ? { message: messageJson(world, message) } : {}),
    state: { values: {} },
    response_url: responseUrl(world, { user: user.id, channel, message: ts }),
  });
}

/** @throws Error when there is no such view, or it has no such button */
export function pressInView(press: Press, open: OpenView | null, what: string): Delivery {
  if (open === null) throw new Error(`${press.user.id} has no ${what} open.`);
  const button = find(press, withBlockIds(open.view.blocks as readonly KnownBlock[], open.id), what);
  const view = viewJson(press.world, open);
  const container = { type: 'view', view_id: open.id };
  return deliver(press, button, { container, view });
}

function deliver(press: Press, found: FoundButton, place: Record<string, unknown>): Delivery {
  const { world, user } = press;
  const { text, value } = found.button;
  const { actionId: action_id } = press.wanted;
  const what = { type: 'button', action_id, block_id: found.blockId, text };
  const action = { ...what, ...(value === undefined ? {} : { value }), action_ts: world.messages.nextTs() };
  const payload = {
    ...interactivePayload(world, 'block_actions', user),
    ...place,
    trigger_id: world.triggers.issue(user.id),
    actions: [action],
  };
  const parcel = { type: 'interactive' as const, payload, what: `The button ${press.wanted.actionId}` };
  return world.deliveries.deliver({ ...parcel, acceptsPayload: false, patient: world.queueWhileAway });
}

interface FoundButton {
  blockId: string;
  button: Button;
}

function find({ wanted }: Press, blocks: readonly KnownBlock[], where: string): FoundButton {
  const buttons = blocks.flatMap(buttonsOf);
  const { actionId, value } = wanted;
  const matching = buttons.filter(
    ({ button }) => button.action_id === actionId && (value === undefined || button.value === value),
  );
  const [first, second] = matching;
  if (first === undefined) {
    const shown = buttons.map(({ button }) => `${button.action_id}=${button.value ?? ''}`).join(', ');
    throw new Error(`The ${where} has no button ${actionId}${value ?? ''}; it has ${shown || 'none'}.`);
  }
  if (second !== undefined) throw new Error(`The ${where} has several buttons ${actionId}: say the value.`);
  return first;
}

function buttonsOf(block: KnownBlock): FoundButton[] {
  const blockId = block.block_id ?? '';
  const elements =
    block.type === 'actions' ? block.elements : block.type === 'section' ? [block.accessory] : [];
  return elements.flatMap((element) => (element?.type === 'button' ? [{ blockId, button: element }] : []));
}
