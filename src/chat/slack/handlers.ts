import type { App, BlockAction, ViewSubmitAction } from '@slack/bolt';
import { SeenBefore } from '../seen-before.ts';
import { FORM_FIELDS, REASON_FORM, REQUEST_FORM } from './blocks/ids.ts';
import { onCommand } from './handlers/commands.ts';
import { onHomeOpened } from './handlers/home.ts';
import { HomePages } from './handlers/home-pages.ts';
import { onMention } from './handlers/mentions.ts';
import type { HandlerParts, Listening } from './handlers/parts.ts';
import { onPress } from './handlers/presses.ts';
import { onReason } from './handlers/reason-form.ts';
import { onRequestForm } from './handlers/request-form.ts';
import { onSuggestion } from './handlers/suggestions.ts';

export type { HandlerParts } from './handlers/parts.ts';

/** Everything that people type, click and submit. No handler throws; each acknowledges first. */
export function attachHandlers(bolt: App, parts: HandlerParts): void {
  const on: Listening = { ...parts, seen: new SeenBefore(parts.clock), homes: new HomePages(parts) };
  bolt.command('/testbox', ({ command, ack }) => onCommand(on, { command, ack: () => ack() }));
  bolt.event('app_mention', ({ event, body, context }) =>
    onMention(on, { event, eventId: body.event_id, bot: context.botUserId }),
  );
  bolt.event('app_home_opened', ({ event, body }) => onHomeOpened(on, { event, eventId: body.event_id }));
  bolt.action<BlockAction>({ type: 'block_actions', action_id: /.*/ }, ({ body, ack }) =>
    onPress(on, { body, ack: () => ack() }),
  );
  bolt.view<ViewSubmitAction>({ type: 'view_submission', callback_id: REQUEST_FORM }, ({ body, ack }) =>
    onRequestForm(on, { body, ack }),
  );
  bolt.view<ViewSubmitAction>({ type: 'view_submission', callback_id: REASON_FORM }, ({ body, ack }) =>
    onReason(on, { body, ack: () => ack() }),
  );
  for (const field of [FORM_FIELDS.box, FORM_FIELDS.from]) {
    bolt.options<'block_suggestion'>({ type: 'block_suggestion', action_id: field }, ({ body, ack }) =>
      onSuggestion(on, { body, ack }),
    );
  }
}
