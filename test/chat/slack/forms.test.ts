import { describe, expect, it } from 'vitest';
import { words } from '../../../src/chat/message.ts';
import type { BoxSuggestion } from '../../../src/chat/platform.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { type Hearing, hearing, sight } from './hearing.ts';

const PLUTO = { name: 'pluto', label: 'pluto 10.40.41.42: free' };
const boxes = { suggestBoxes: async () => [PLUTO] };

describe('the request form', () => {
  it('becomes a command, answered where the form was asked for', async () => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    const acknowledged = await alice.submit({
      box: 'pluto',
      action: 'restore',
      disks: 'sda, sdb',
      reason: 'it is\n"broken"',
    }).acknowledged;
    const command = await scene.nextCommand();
    await command.answers.answer(words('the plan'));

    expect(acknowledged).toEqual({});
    expect(alice.dialog()).toBeNull();
    expect(command).toMatchObject({
      text: 'restore pluto disks:sda,sdb reason:"it is "broken""',
      channel: LAB,
      thread: null,
    });
    expect(command.person).toMatchObject({ user: ALICE });
    expect(alice.sees()).toMatchObject([{ channel: LAB, text: 'the plan', ephemeral: true }]);
  });

  it('may leave out disks and reason', async () => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    alice.submit({ box: 'pluto', action: 'backup' });

    expect((await scene.nextCommand()).text).toBe('backup pluto');
  });

  it.each([
    [{ disks: 'sda,nonsense!' }, { disks: expect.stringContaining('"nonsense!" is not a disk name') }],
    [{ disks: 'sda reason:no' }, { disks: expect.stringContaining('"reason:no" is not a disk name') }],
    [
      { action: 'refresh-info', disks: 'sda' },
      { disks: expect.stringContaining('"refresh-info" takes no "disks:"') },
    ],
  ])('stays open and says what is wrong with %j', async (fields, errors) => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    const acknowledged = await alice.submit({ box: 'pluto', action: 'restore', ...fields }).acknowledged;

    expect(acknowledged).toEqual({ response_action: 'errors', errors });
    expect(alice.dialog()).toMatchObject({ callback_id: 'request-form' });
    expect(scene.heard()).toBe(0);
  });

  it('can be put right and submitted again', async () => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    await alice.submit({ box: 'pluto', action: 'restore', disks: '!' }).acknowledged;
    await alice.submit({ disks: 'sda' }).acknowledged;

    expect((await scene.nextCommand()).text).toBe('restore pluto disks:sda');
    expect(alice.dialog()).toBeNull();
  });

  it('is acknowledged at once, however long the app takes', async () => {
    const scene = await hearing({ inbound: { ...boxes, command: () => new Promise(() => {}) } });
    const alice = await openedAndAsked(scene);

    expect(await alice.submit({ box: 'pluto', action: 'backup' }).acknowledged).toEqual({});
    await expect.poll(scene.heard).toBe(1);
  });

  it('is answered though it stood open for longer than the response URL lives', async () => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    scene.clock.advance(31 * 60_000);
    alice.submit({ box: 'pluto', action: 'backup' });
    await (await scene.nextCommand()).answers.answer(words('the plan'));

    expect(alice.sees()).toMatchObject([{ channel: LAB, text: 'the plan', ephemeral: true }]);
  });

  it('has no effect when its person has lost their account here meanwhile', async () => {
    const scene = await hearing({ inbound: boxes });
    const alice = await openedAndAsked(scene);

    scene.clock.advance(60_000);
    scene.slack.setUser(ALICE, { team: 'T2', isStranger: true });
    alice.submit({ box: 'pluto', action: 'backup' });
    await sight(scene, ALICE, 'another workspace');

    expect(scene.heard()).toBe(0);
  });

  it('of another version says that it is not known any more', async () => {
    const scene = await hearing();
    const values = {
      action: { action: { type: 'static_select', selected_option: { value: 'backup' } } },
      box: { box: { type: 'external_select', selected_option: { value: 'pluto' } } },
    };
    const view = { callback_id: 'request-form', private_metadata: 'no JSON', state: { values } };
    const body = { type: 'view_submission', team: { id: 'T1' }, user: { id: BOB }, trigger_id: '1.1', view };

    await scene.bolt.processEvent({ body, ack: async () => {} });

    expect(await sight(scene, BOB, 'not known here any more')).toMatchObject({ channel: 'DBOB' });
    expect(scene.heard()).toBe(0);
  });
});

describe('the suggestions of boxes', () => {
  it('are what the app finds for this person and what they typed', async () => {
    const asked: unknown[] = [];
    const suggestBoxes = async (person: { user: string }, typed: string) => {
      asked.push([person.user, typed]);
      return [PLUTO];
    };
    const scene = await hearing({ inbound: { suggestBoxes } });
    const alice = await opened(scene);

    expect(await alice.suggest('box', 'plu')).toEqual([{ text: PLUTO.label, value: 'pluto' }]);
    expect(asked).toEqual([[ALICE, 'plu']]);
  });

  it('are none when the app fails', async () => {
    const scene = await hearing({ inbound: { suggestBoxes: () => Promise.reject(new Error('broken')) } });
    const alice = await opened(scene);

    expect(await alice.suggest('box', 'plu')).toEqual([]);
    expect(scene.log).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'no boxes could be suggested' }),
    );
  });

  it('are none, in time, when the app is slow', async () => {
    const asked = Promise.withResolvers<void>();
    const suggestBoxes = (): Promise<readonly BoxSuggestion[]> => {
      asked.resolve();
      return new Promise(() => {});
    };
    const scene = await hearing({ inbound: { suggestBoxes } });
    const alice = await opened(scene);

    const suggested = alice.suggest('box', 'plu');
    await asked.promise;
    scene.clock.advance(2_000);

    expect(await suggested).toEqual([]);
  });

  it('are none for somebody of another workspace', async () => {
    const scene = await hearing({ inbound: boxes });
    const mallory = await opened(scene, MALLORY);
    scene.clock.advance(60_000);
    scene.slack.setUser(MALLORY, { team: 'T2' });

    expect(await mallory.suggest('box', 'plu')).toEqual([]);
  });
});

async function opened(scene: Hearing, user = ALICE) {
  const person = scene.slack.as(user);
  person.command(LAB, '');
  await expect.poll(() => person.dialog()).not.toBeNull();
  return person;
}

/** Boxes can be chosen only once they were suggested. */
async function openedAndAsked(scene: Hearing) {
  const person = await opened(scene);
  await person.suggest('box', '');
  return person;
}
