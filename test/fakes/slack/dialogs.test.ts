import type { App } from '@slack/bolt';
import type { ModalView } from '@slack/types';
import { describe, expect, it } from 'vitest';
import { errorOf, workspaceWithApp } from './scene.ts';
import { LAB } from './workspace.ts';

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const option = (value: string) => ({ text: plain(value.toUpperCase()), value });

function form(title = 'Request', more: Partial<ModalView> = {}): ModalView {
  return {
    ...{
      type: 'modal',
      callback_id: 'form',
      title: plain(title),
      submit: plain('Go'),
      private_metadata: 'C1',
    },
    blocks: [
      {
        ...{ type: 'input', block_id: 'box', label: plain('Box') },
        element: { type: 'external_select', action_id: 'box', min_query_length: 1 },
      },
      {
        ...{ type: 'input', block_id: 'action', label: plain('What') },
        element: { type: 'static_select', action_id: 'action', options: ['backup', 'restore'].map(option) },
      },
      {
        ...{ type: 'input', block_id: 'reason', label: plain('Why'), optional: true },
        element: { type: 'plain_text_input', action_id: 'reason', max_length: 10 },
      },
    ],
    ...more,
  };
}

/** Alice in front of a form that a command opened; `answer` is what its submission is answered with. */
async function opened(options: { answer?: object; now?: () => number; view?: ModalView } = {}) {
  const triggers: string[] = [];
  const views: Record<string, unknown>[] = [];
  const listen = (app: App) => {
    app.command('/testbox', async ({ ack, body }) => {
      triggers.push(body.trigger_id);
      await ack();
    });
    app.options('box', async ({ ack, payload }) => {
      await ack({
        options: ['pluto', 'plum', 'mars'].filter((box) => box.includes(payload.value)).map(option),
      });
    });
    app.view('form', async ({ ack, view }) => {
      views.push(view as never);
      await ack(options.answer as never);
    });
    app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack, body }) => {
      views.push(body as never);
      await ack();
    });
  };
  const now = options.now ?? Date.now;
  const { slack, web } = await workspaceWithApp(listen, { now, rateLimits: false });
  const alice = slack.as('UALICE');
  const trigger = async () => {
    await alice.command(LAB, 'form').acknowledged;
    return triggers.at(-1) ?? '';
  };
  await web.views.open({ trigger_id: await trigger(), view: options.view ?? form() });
  return { slack, web, alice, views, trigger };
}

describe('a trigger id', () => {
  it('opens one dialog', async () => {
    const { slack, web, alice, trigger } = await opened();
    alice.closeDialog();
    const trigger_id = await trigger();

    await web.views.open({ trigger_id, view: form() });

    expect(await errorOf(web.views.open({ trigger_id, view: form() }))).toBe('exchanged_trigger_id');
    expect(await errorOf(web.views.open({ trigger_id: '1.2', view: form() }))).toBe('invalid_trigger_id');
    expect(slack.breaches()).toEqual(['views.open used a trigger id twice']);
  });

  it('is good for three seconds', async () => {
    let now = Date.UTC(2026, 0, 1);
    const { web, alice, trigger } = await opened({ now: () => now });
    const trigger_id = await trigger();

    now += 3001;

    expect(await errorOf(web.views.open({ trigger_id, view: form('Late') }))).toBe('expired_trigger_id');
    expect(alice.dialog()).toMatchObject({ title: { text: 'Request' } });
  });

  it('used twice is nobody’s fault when the first answer was lost', async () => {
    const { slack, web, trigger } = await opened();
    const trigger_id = await trigger();
    slack.loseNextAnswer('views.open');

    await expect(web.views.open({ trigger_id, view: form() })).rejects.toThrow('fetch failed');

    expect(await errorOf(web.views.open({ trigger_id, view: form() }))).toBe('exchanged_trigger_id');
    expect(slack.breaches()).toEqual([]);
  });
});

describe('a submission', () => {
  it('carries what stands in the fields, and closes the dialog', async () => {
    const { alice, views } = await opened();

    expect(await alice.suggest('box', '')).toEqual([]);
    expect(await alice.suggest('box', 'plu')).toEqual([
      { text: 'PLUTO', value: 'pluto' },
      { text: 'PLUM', value: 'plum' },
    ]);
    await alice.submit({ box: 'pluto', action: 'backup' }).acknowledged;

    expect(alice.dialog()).toBeNull();
    expect(views).toMatchObject([
      {
        ...{ callback_id: 'form', private_metadata: 'C1', team_id: 'T1', type: 'modal' },
        state: {
          values: {
            box: { box: { type: 'external_select', selected_option: { value: 'pluto' } } },
            action: { action: { type: 'static_select', selected_option: option('backup') } },
            reason: { reason: { type: 'plain_text_input', value: null } },
          },
        },
      },
    ]);
  });

  it.each<[string, Record<string, string>, string]>([
    ['a needed field that is empty', { box: 'pluto' }, 'complete this required field'],
    ['an option that is not offered', { box: 'pluto', action: 'erase' }, 'doesn\'t offer "erase"'],
    ['a box that was not suggested', { box: 'mars', action: 'backup' }, 'what did `suggest` give last?'],
    [
      'a long text',
      { box: 'pluto', action: 'backup', reason: 'because it is' },
      '0 to 10 characters, got 13',
    ],
    ['a field that is not there', { boxes: 'pluto' }, 'no field "boxes"; it has box, action, reason'],
  ])('with %s is not let out of the client', async (_, fields, sentence) => {
    const { alice, views } = await opened();
    await alice.suggest('box', 'plu');

    expect(() => alice.submit(fields)).toThrow(sentence);

    expect(views).toEqual([]);
  });

  it('that is answered with errors leaves the dialog open, with what was typed', async () => {
    const errors = { box: 'It is taken' };
    const { alice, views } = await opened({ answer: { response_action: 'errors', errors } });
    await alice.suggest('box', 'plu');

    const answer = await alice.submit({ box: 'pluto', action: 'backup' }).acknowledged;
    await alice.submit({ box: 'plum' }).acknowledged;

    expect(answer).toEqual({ response_action: 'errors', errors });
    expect(alice.dialog()).not.toBeNull();
    expect(views[1]).toMatchObject({
      state: { values: { action: { action: { selected_option: { value: 'backup' } } } } },
    });
  });

  it.each([
    [{ response_action: 'errors', errors: { disks: 'none' } }, '"disks", which is no input block'],
    [{ response_action: 'errors', errors: {} }, 'is refused'],
    [{ response_action: 'close' }, 'is refused'],
  ])('that is answered with %o fails', async (answer, sentence) => {
    const { slack, alice } = await opened({ answer });
    await alice.suggest('box', 'plu');

    await expect(alice.submit({ box: 'pluto', action: 'backup' }).acknowledged).rejects.toThrow(sentence);

    expect(slack.breaches()).toHaveLength(1);
  });

  it.each<[string, object, string | null]>([
    ['is replaced', { response_action: 'update', view: form('Second') }, 'Second'],
    ['is covered', { response_action: 'push', view: form('Above') }, 'Above'],
    ['goes, with all others', { response_action: 'clear' }, null],
  ])('may be answered so that the dialog %s', async (_, answer, title) => {
    const { alice } = await opened({ answer });
    await alice.suggest('box', 'plu');

    await alice.submit({ box: 'pluto', action: 'backup' }).acknowledged;

    expect(titleOf(alice.dialog())).toBe(title);
  });
});

describe('dialogs', () => {
  it('stand three high at most', async () => {
    const { web, alice, trigger } = await opened();

    await web.views.push({ trigger_id: await trigger(), view: form('Second') });
    await web.views.push({ trigger_id: await trigger(), view: form('Third') });
    const fourth = web.views.push({ trigger_id: await trigger(), view: form('Fourth') });

    expect(await errorOf(fourth)).toBe('push_limit_reached');
    alice.closeDialog();
    expect(titleOf(alice.dialog())).toBe('Second');
  });

  it('are changed by whoever knows their newest state', async () => {
    const { web, alice, trigger } = await opened();
    const { view } = await web.views.push({ trigger_id: await trigger(), view: form('Second') });
    const view_id = view?.id ?? '';
    const hash = view?.hash ?? '';

    await web.views.update({ view_id, hash, view: form('Changed') });

    expect(titleOf(alice.dialog())).toBe('Changed');
    const again = web.views.update({ view_id, hash, view: form('Again') });
    expect(await errorOf(again)).toBe('hash_conflict');
    alice.closeDialog();
    expect(await errorOf(web.views.update({ view_id, view: form() }))).toBe('not_found');
  });

  it('tell that they were closed when they want to', async () => {
    const { slack, alice, views } = await opened({ view: form('Request', { notify_on_close: true }) });

    alice.closeDialog();

    await expect.poll(() => views).toMatchObject([{ type: 'view_closed', is_cleared: false }]);
    await expect.poll(() => slack.pending()).toBe(0);
  });
});

function titleOf(view: { type: string; title?: { text: string } } | null): string | null {
  return view?.title?.text ?? null;
}
