import { beforeEach, describe, expect, it } from 'vitest';
import { matchBoxes } from '../../src/chat/router/box-match.ts';
import { ACTIONS } from '../../src/contract/action.ts';
import { TestboxAddress } from '../../src/contract/address.ts';
import type { Testbox } from '../../src/domain/testbox.ts';
import { PLUTO_BOX } from '../fakes/app.ts';
import { type Conversation, converse } from '../fakes/conversation.ts';
import { NOW } from '../fakes/job.ts';
import { person, stored } from '../fakes/people.ts';
import { PLUTO } from '../fakes/plan.ts';

function box(name: string, address: string, groups: readonly string[] = []): Testbox {
  return { ...PLUTO_BOX, name, address: TestboxAddress.parse(address), groups };
}

const FLEET = [
  box('venus', '10.40.41.4', ['inner']),
  box('pluto', PLUTO, ['dwarfs']),
  box('neptune', '10.40.41.43', ['outer', 'Plu-lab']),
  box('plumbing', '10.40.7.1'),
  box('old-plum', '192.168.10.40'),
];

let lab: Conversation;

beforeEach(async () => {
  lab = await converse(FLEET);
});

describe('what is typed', () => {
  it.each([
    ['', ['neptune', 'old-plum', 'plumbing', 'pluto', 'venus']],
    ['pluto', ['pluto']],
    ['PLU', ['plumbing', 'pluto', 'neptune', 'old-plum']],
    ['  venus\u00a0', ['venus']],
    ['ven\u200bus', ['venus']],
    ['10.40', ['neptune', 'plumbing', 'pluto', 'venus', 'old-plum']],
    ['outer', ['neptune']],
    ['41.4', ['neptune', 'pluto', 'venus']],
    ['10.40.41.4', ['venus', 'neptune', 'pluto']],
    ['10.40.41.42', ['pluto']],
    ['root@10.40.41.42:22', ['pluto']],
    ['http://10.40.41.42/status', ['pluto']],
    ['<tel:10.40.41.42|10.40.41.42>', ['pluto']],
    ['ssh root@10.40.41.42.', ['pluto']],
    ['10.40.41.42/24', ['pluto']],
    ['10.40.41.99', []],
    ['saturn', []],
  ])('as %j means %j, the best first', (typed, names) => {
    expect(matchBoxes(FLEET, typed).map(({ name }) => name)).toEqual(names);
  });

  it('orders numbers as people count', () => {
    const numbered = ['box10', 'box2', 'box1'].map((name, index) => box(name, `10.0.0.${index + 1}`));

    expect(matchBoxes(numbered, 'box').map(({ name }) => name)).toEqual(['box1', 'box2', 'box10']);
  });
});

describe('a suggestion', () => {
  it('says what the box does, and who keeps it', async () => {
    await lab.put({ state: 'running' });
    await lab.app.store.setLock(PLUTO, { by: stored('carol'), at: NOW, reason: null });

    expect(await lab.router.suggestBoxes(person('alice'), 'pluto')).toEqual([
      { name: 'pluto', label: 'pluto 10.40.41.42: ⏳ restore, running · locked by Carol' },
    ]);
    expect(await lab.router.suggestBoxes(person('bob'), 'venus')).toEqual([
      { name: 'venus', label: 'venus 10.40.41.4: free' },
    ]);
  });

  it('is one of 25 at most, with a label of 75 characters at most', async () => {
    const name = (index: number) => `rack-7-shelf-${index}-${'of-the-machine-room-'.repeat(3)}`;
    lab = await converse(Array.from({ length: 60 }, (_, index) => box(name(index), `10.0.0.${index + 1}`)));

    const suggestions = await lab.router.suggestBoxes(person('alice'), 'shelf');

    expect(suggestions).toHaveLength(25);
    expect(suggestions[0]?.name).toBe(name(0));
    expect(Math.max(...suggestions.map(({ label }) => label.length))).toBe(75);
  });

  it('is made to nobody without rights, and to nobody when it fails', async () => {
    expect(await lab.router.suggestBoxes(person('mallory'), '')).toEqual([]);
    expect(await lab.router.suggestBoxes(person('alice', { kind: 'bot' }), '')).toEqual([]);

    await lab.app.db.destroy();
    expect(await lab.router.suggestBoxes(person('alice'), '')).toEqual([]);
  });
});

describe('a form', () => {
  it('starts from the box of its thread, whatever became of the job', async () => {
    const { id } = await lab.put({ state: 'failed' });
    await lab.app.refs.save(id, 'card', 'message-7');

    const { box } = await lab.router.form(person('alice'), 'message-7');

    expect(box).toEqual({ name: 'pluto', label: 'pluto 10.40.41.42: free' });
    expect((await lab.router.form(person('alice'), 'message-8')).box).toBeNull();
    expect((await lab.router.form(person('alice'), null)).box).toBeNull();
    expect((await lab.router.form(person('mallory'), 'message-7')).box).toBeNull();
  });

  it('has no box when that one has left the inventory', async () => {
    const { id } = await lab.put({ state: 'failed' });
    await lab.app.refs.save(id, 'card', 'message-7');
    lab.app.inventory = { ...lab.app.inventory, testboxes: () => [] };

    expect((await lab.router.form(person('alice'), 'message-7')).box).toBeNull();
  });

  it.each(['alice', 'bob', 'mallory'])(
    'offers %s the actions: what may be done is checked later',
    async (who) => {
      const { actions } = await lab.router.form(person(who), null);

      expect(actions.map(({ action }) => action)).toEqual(ACTIONS);
      expect(actions[2]?.label).toBe("restore: write a box's image back to its disks");
      expect(actions.every(({ label }) => label.length <= 75)).toBe(true);
    },
  );

  it('is there even when nothing can be looked up', async () => {
    await lab.app.db.destroy();

    const form = await lab.router.form(person('alice'), 'message-7');

    expect(form.box).toBeNull();
    expect(form.actions.map(({ action }) => action)).toEqual(ACTIONS);
  });
});
