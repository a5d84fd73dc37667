import { z } from 'zod';
import { suggestions } from './blocks/elements.ts';
import { checkView } from './blocks.ts';
import { interactivePayload } from './payloads.ts';
import type { Delivery, FakeUser } from './types.ts';
import { fieldsOf, filled } from './view-fields.ts';
import { viewJson } from './view-json.ts';
import type { OpenView, Suggestion } from './view-store.ts';
import type { World } from './world.ts';

const submitAnswer = z.discriminatedUnion('response_action', [
  z.strictObject({
    response_action: z.literal('errors'),
    errors: z.record(z.string(), z.string().min(1)).refine((errors) => Object.keys(errors).length > 0),
  }),
  z.strictObject({ response_action: z.literal('clear') }),
  z.strictObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('push'), view: z.unknown() }),
]);

/** What a person does in dialogs. */
export class Dialogs {
  readonly #world: World;
  readonly #user: () => FakeUser;

  constructor(world: World, user: () => FakeUser) {
    this.#world = world;
    this.#user = user;
  }

  json(open: OpenView): Record<string, unknown> {
    return viewJson(this.#world, open);
  }

  async suggest(actionId: string, typed: string): Promise<readonly Suggestion[]> {
    const open = this.#top();
    const field = fieldsOf(open).find((field) => field.actionId === actionId);
    if (field?.element.type !== 'external_select') {
      throw new Error(`The dialog has no external select "${actionId}".`);
    }
    // Three is Slack's default.
    if (typed.length < (field.element.min_query_length ?? 3)) return [];
    const asked = { action_id: actionId, block_id: field.blockId, value: typed };
    const payload = { ...this.#payload('block_suggestion', open), ...asked };
    const container = { type: 'view', view_id: open.id };
    let offered: readonly Suggestion[] = [];
    const settle = (answer: Record<string, unknown>): void => {
      offered = this.#checkOptions(answer);
    };
    const what = `The suggestions of ${actionId}`;
    await this.#deliver({ payload: { ...payload, container }, what, settle }).acknowledged;
    const now = this.#world.views.find({ id: open.id, externalId: null }) ?? open;
    this.#world.views.put({ ...now, offered: { ...now.offered, [actionId]: offered } });
    return offered;
  }

  submit(fields: Readonly<Record<string, string>>): Delivery {
    const open = this.#top();
    if (open.view.type !== 'modal' || open.view.submit === undefined) {
      throw new Error('The dialog has no button to submit it.');
    }
    const typed = filled(open, fields);
    this.#world.views.put(typed);
    const trigger_id = this.#world.triggers.issue(open.user);
    const payload = { ...this.#payload('view_submission', typed), trigger_id, response_urls: [] };
    const settle = (answer: Record<string, unknown>): void => this.#settleSubmit(typed, answer);
    return this.#deliver({ payload, what: 'The dialog', settle });
  }

  close(): void {
    const open = this.#top();
    const modal = open.view.type === 'modal' ? open.view : null;
    if (modal?.clear_on_close === true) this.#world.views.closeAll(open.user);
    else this.#world.views.close(open);
    if (modal?.notify_on_close !== true) return;
    const is_cleared = modal.clear_on_close === true;
    const payload = { ...this.#payload('view_closed', open), is_cleared };
    this.#deliver({ payload, what: 'The closed dialog', acceptsPayload: false });
  }

  #top(): OpenView {
    const { id } = this.#user();
    const open = this.#world.views.top(id);
    if (open === null) throw new Error(`${id} has no dialog open.`);
    return open;
  }

  #payload(type: string, open: OpenView): Record<string, unknown> {
    return { ...interactivePayload(this.#world, type, this.#user()), view: this.json(open) };
  }

  #deliver(parcel: {
    payload: Record<string, unknown>;
    what: string;
    acceptsPayload?: boolean;
    settle?: (answer: Record<string, unknown>) => void;
  }): Delivery {
    const patient = this.#world.queueWhileAway;
    return this.#world.deliveries.deliver({ type: 'interactive', acceptsPayload: true, patient, ...parcel });
  }

  #checkOptions(answer: Record<string, unknown>): readonly Suggestion[] {
    const parsed = suggestions.safeParse(answer);
    if (!parsed.success) this.#refuse(`The answer to block_suggestion is refused: ${parsed.error.message}`);
    return parsed.data.options.map(({ text, value }) => ({ text: text.text, value }));
  }

  #settleSubmit(open: OpenView, answer: Record<string, unknown>): void {
    const { views } = this.#world;
    if (Object.keys(answer).length === 0) {
      views.close(open);
      return;
    }
    const parsed = submitAnswer.safeParse(answer);
    if (!parsed.success) this.#refuse(`The answer to view_submission is refused: ${parsed.error.message}`);
    const action = parsed.data;
    if (action.response_action === 'clear') views.closeAll(open.user);
    else if (action.response_action === 'update') views.update(open, checkView(action.view, 'modal'));
    else if (action.response_action === 'push') views.push(open.user, checkView(action.view, 'modal'));
    else this.#checkErrors(open, Object.keys(action.errors));
  }

  #checkErrors(open: OpenView, blockIds: readonly string[]): void {
    const known = fieldsOf(open).map(({ blockId }) => blockId);
    const unknown = blockIds.find((id) => !known.includes(id));
    if (unknown !== undefined)
      this.#refuse(`Errors name "${unknown}", which is no input block of the dialog`);
  }

  #refuse(sentence: string): never {
    this.#world.journal.breach(sentence);
    throw new Error(`The dialog says that it could not connect to Testbox. ${sentence}`);
  }
}
