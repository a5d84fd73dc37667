import { describe, expect, it } from 'vitest';
import type { BoxSuggestion } from '../../../src/chat/platform.ts';
import type { ChatPerson } from '../../../src/domain/person.ts';
import { ALICE, LAB } from '../../fakes/discord/guild.ts';
import { type Hearing, hearing } from './hearing.ts';

describe('what is offered while somebody types a box', () => {
  it('is what the app finds for this person', async () => {
    const asked: unknown[] = [];
    const suggestBoxes = async (person: ChatPerson, typed: string) => {
      asked.push([person.user, typed]);
      return [box('pluto'), box('plutonium')];
    };
    const scene = await hearing({ inbound: { suggestBoxes } });

    expect(await offered(scene, 'plu')).toEqual([
      { name: 'pluto: free', value: 'pluto' },
      { name: 'plutonium: free', value: 'plutonium' },
    ]);
    expect(asked).toEqual([[ALICE, 'plu']]);
  });

  it('is no more and no longer than Discord takes', async () => {
    const boxes = Array.from({ length: 40 }, (_, n) => ({ name: `box-${n}`, label: 'x'.repeat(200) }));
    const scene = await hearing({ inbound: { suggestBoxes: async () => boxes } });

    const choices = await offered(scene, '');

    expect(choices).toHaveLength(25);
    expect(Math.max(...choices.map(({ name }) => name.length))).toBeLessThanOrEqual(100);
  });

  it('is nothing when the app fails', async () => {
    const scene = await hearing({ inbound: { suggestBoxes: () => Promise.reject(new Error('broken')) } });

    expect(await offered(scene, 'plu')).toEqual([]);
    expect(scene.log).toMatchObject([{ level: 'error', message: 'no boxes could be suggested' }]);
  });

  it('is nothing when the app is slow, within the time that Discord waits', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const suggestBoxes = () => {
      ask();
      return new Promise<BoxSuggestion[]>(() => {});
    };
    const scene = await hearing({ inbound: { suggestBoxes } });

    const choices = offered(scene, 'plu');
    await asked;
    scene.clock.advance(2_000);

    expect(await choices).toEqual([]);
  });

  it('is nothing for people whom this Testbox does not obey', async () => {
    const scene = await hearing({
      guild: '1100000000000000009',
      inbound: { suggestBoxes: async () => [box('pluto')] },
    });

    expect(await offered(scene, 'plu')).toEqual([]);
  });
});

function offered(scene: Hearing, typed: string) {
  return scene.discord.as(ALICE).autocomplete(LAB, 'restore', { option: 'box', typed });
}

function box(name: string): BoxSuggestion {
  return { name, label: `${name}: free` };
}
