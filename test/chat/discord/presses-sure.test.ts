import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import type { ChatMessage } from '../../../src/chat/platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/discord/guild.ts';
import { hearing, post, showing, sight } from './hearing.ts';

const JOB = '7k3m9q2x';
const ASKS = 'pluto boots with a half-written disk (sda). The job ends.';
const CARD = message({
  text: 'card',
  buttons: [
    { id: 'boot-local', value: JOB, label: 'Boot anyway', style: 'danger', asks: 'as it was posted' },
  ],
});

describe('a press that can not be taken back', () => {
  it('is asked about first, privately and in the words that know the job', async () => {
    const asked: unknown[] = [];
    const question = async (press: object) => {
      asked.push(press);
      return ASKS;
    };
    const scene = await hearing({ inbound: { question } });
    const card = await post(scene, LAB, CARD);

    scene.discord.as(BOB).press(card, `?boot-local|${JOB}`);
    const seen = await sight(scene, BOB, 'half-written');

    expect(seen.text).toContain('Boot anyway?');
    expect(seen.text).toContain(ASKS);
    expect(seen).toMatchObject({
      ephemeral: true,
      buttons: [
        { customId: `!boot-local|${JOB}`, label: 'Boot anyway' },
        { customId: 'dismiss-question|', label: 'Not now' },
      ],
    });
    expect(asked).toMatchObject([{ person: { user: BOB }, button: { id: 'boot-local', value: JOB } }]);
    expect(scene.heard()).toBe(0);
    expect(scene.shown(ALICE)).toEqual(['card']);
  });

  it('has its effect at the second click, which takes the question away', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, CARD);
    scene.discord.as(BOB).press(card, `?boot-local|${JOB}`);
    const { id } = await sight(scene, BOB, 'Boot anyway?');

    scene.discord.as(BOB).press(id, `!boot-local|${JOB}`);
    const press = await scene.nextPress();
    await press.answers.replace(words('done'));

    expect(press).toMatchObject({ button: { id: 'boot-local', value: JOB }, channel: LAB, input: null });
    expect(scene.shown(BOB)).toEqual(['card', 'done']);
    expect(scene.heard()).toBe(1);
    expect(scene.log).toEqual([]);
  });

  it('has none when the question is answered with no', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, CARD);
    scene.discord.as(BOB).press(card, `?boot-local|${JOB}`);
    const { id } = await sight(scene, BOB, 'Boot anyway?');

    await scene.discord.as(BOB).press(id, 'dismiss-question|').responded;
    await showing(scene, BOB, ['card']);

    expect(scene.heard()).toBe(0);
  });

  it('is not asked about when it could have no effect: the person is told why', async () => {
    const scene = await hearing({ inbound: { objection: async () => words('you may not') } });
    const card = await post(scene, LAB, CARD);

    scene.discord.as(BOB).press(card, `?boot-local|${JOB}`);

    expect(await sight(scene, BOB, 'you may not')).toMatchObject({ ephemeral: true, buttons: [] });
    expect(scene.shown(BOB)).toEqual(['card', 'you may not']);
  });

  it('is asked about in general words when the app does not say any', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, other('format', 'Format'));

    scene.discord.as(BOB).press(card, `?format|${JOB}`);

    expect((await sight(scene, BOB, 'Format?')).text).toContain('can not be taken back');
  });
});

function other(id: string, label: string): ChatMessage {
  return { ...CARD, buttons: [{ id, value: JOB, label, style: 'danger', asks: 'all is lost' }] };
}
