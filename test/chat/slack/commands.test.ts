import { describe, expect, it } from 'vitest';
import { words } from '../../../src/chat/message.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { buttonsOf, hearing, START, sight } from './hearing.ts';

describe('/testbox', () => {
  it('passes on what was typed and who typed it, and answers only that person', async () => {
    const scene = await hearing();

    await scene.slack.as(ALICE).command(LAB, 'restore pluto').acknowledged;
    const command = await scene.nextCommand();
    await command.answers.answer(words('the plan'));

    expect(command).toMatchObject({ text: 'restore pluto', channel: LAB, thread: null });
    expect(command.person).toEqual({
      platform: 'slack',
      team: 'T1',
      user: ALICE,
      displayName: 'Alice',
      kind: 'member',
      groups: ['SOPERATORS'],
    });
    const [seen] = scene.slack.as(ALICE).sees();
    expect(seen).toMatchObject({ text: 'the plan', ephemeral: true, threadTs: null });
    expect(scene.shown(BOB)).toEqual([]);
  });

  it('takes off what Slack makes of typed words', async () => {
    const scene = await hearing();

    scene.slack.as(ALICE).command(LAB, '*restore* `pluto` reason: R&D');

    expect((await scene.nextCommand()).text).toBe('restore pluto reason: R&D');
  });

  it('says who is mentioned by name', async () => {
    const scene = await hearing();
    const text = 'lock <tel:10.40.41.42|10.40.41.42> for <@UBOB>, not <@UNOBODY>';

    await scene.bolt.processEvent({ body: commandBody(scene.slack.apiUrl, { text }), ack: async () => {} });

    expect((await scene.nextCommand()).text).toBe('lock 10.40.41.42 for @Bob, not @UNOBODY');
  });

  it('acknowledges at once, however long the app takes', async () => {
    const scene = await hearing({ inbound: { command: () => new Promise(() => {}) } });

    const delivery = scene.slack.as(ALICE).command(LAB, 'restore pluto');

    expect(await delivery.acknowledged).toEqual({});
    await expect.poll(scene.heard).toBe(1);
  });

  it.each(['', '   ', '\u00a0\u200b'])(
    'opens the form for a new job when nothing is typed: %j',
    async (text) => {
      const scene = await hearing();

      scene.slack.as(ALICE).command(LAB, text);

      await expect.poll(() => scene.slack.as(ALICE).dialog()).toMatchObject({ callback_id: 'request-form' });
      expect(scene.heard()).toBe(0);
    },
  );

  it('offers a button when the form comes too late', async () => {
    const form = async () => {
      scene.clock.advance(3_001);
      return { box: null, actions: [{ action: 'backup' as const, label: 'Back up' }] };
    };
    const scene = await hearing({ inbound: { form } });

    scene.slack.as(ALICE).command(LAB, '');
    const offer = await sight(scene, ALICE, 'Try once more');

    expect(buttonsOf(offer)).toEqual([{ id: 'open-form', value: '' }]);
    expect(offer.ephemeral).toBe(true);
    expect(scene.slack.as(ALICE).dialog()).toBeNull();
  });

  it('offers a button when Slack does not take the form', async () => {
    const scene = await hearing();
    scene.slack.failNext('views.open', 'view_too_large');

    scene.slack.as(ALICE).command(LAB, '');
    await sight(scene, ALICE, 'Try once more');

    expect(scene.log).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'a dialog could not be opened' }),
    );
  });

  it('is content when only the answer about the opened form is lost', async () => {
    const scene = await hearing();
    scene.slack.loseNextAnswer('views.open');

    scene.slack.as(ALICE).command(LAB, '');
    await expect
      .poll(() => scene.slack.calls().map(({ outcome }) => outcome))
      .toContain('exchanged_trigger_id');

    expect(scene.slack.as(ALICE).dialog()).toMatchObject({ callback_id: 'request-form' });
    expect(scene.shown(ALICE)).toEqual([]);
  });

  it('tells the person when the app fails, and keeps the error from Bolt', async () => {
    const scene = await hearing({ inbound: { command: () => Promise.reject(new Error('broken')) } });

    scene.slack.as(ALICE).command(LAB, 'status');
    const told = await sight(scene, ALICE, 'Something went wrong');

    const errorId = /error (\w{8})/.exec(told.text)?.[1];
    expect(scene.log).toContainEqual({
      level: 'error',
      fields: expect.objectContaining({ errorId, user: ALICE, what: 'command', err: new Error('broken') }),
      message: 'something from the chat could not be dealt with',
    });
  });
});

describe('people whom Slack does not vouch for', () => {
  it('hear why when they are of another workspace; nothing is passed on', async () => {
    const scene = await hearing();
    scene.slack.setUser(MALLORY, { team: 'T2', isStranger: true });

    scene.slack.as(MALLORY).command(LAB, 'restore pluto');
    const told = await sight(scene, MALLORY, 'another workspace');

    expect(told.text).toBe('You are in another workspace: this Testbox obeys people of Acme only.');
    expect(told.ephemeral).toBe(true);
    expect(scene.heard()).toBe(0);
    expect(scene.log).toContainEqual({
      level: 'warn',
      fields: { user: MALLORY, what: 'command', why: told.text },
      message: 'somebody was refused',
    });
  });

  it.each([
    ['bot', { isBot: true }],
    ['guest', { isRestricted: true }],
    ['guest', { isUltraRestricted: true }],
  ] as const)('are passed on as a %s, which the app gives fewer rights', async (kind, change) => {
    const scene = await hearing();
    scene.slack.setUser(MALLORY, change);

    scene.slack.as(MALLORY).command(LAB, 'status');

    expect((await scene.nextCommand()).person).toMatchObject({ user: MALLORY, kind });
  });
});

function commandBody(apiUrl: string, { text }: { text: string }): Record<string, string> {
  return {
    ...{ command: '/testbox', text, user_id: ALICE, channel_id: LAB, team_id: 'T1' },
    ...{ trigger_id: `${START}.1`, response_url: new URL('/response/none', apiUrl).href },
  };
}
