import { describe, expect, it } from 'vitest';
import { message, words } from '../../../src/chat/message.ts';
import { button } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/discord/guild.ts';
import { type Hearing, hearing, post, showing } from './hearing.ts';

describe('what Discord sends again after a resumed connection', () => {
  it('is one command', async () => {
    const scene = await hearing({ inbound: { command: ({ answers }) => answers.answer(words('once')) } });

    await scene.discord.as(ALICE).command(LAB, 'status').responded;
    await showing(scene, ALICE, ['once']);
    scene.discord.replayInteraction();
    scene.discord.as(BOB).command(LAB, 'help');
    await showing(scene, BOB, ['once']);

    expect(scene.shown(ALICE)).toEqual(['once']);
    expect(scene.heard()).toBe(2);
  });

  it('is one press', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, CARD);

    await scene.discord.as(BOB).press(card, 'approve|7k3m9q2x').responded;
    await scene.nextPress();
    scene.discord.replayInteraction();

    expect(await heardInTheEnd(scene)).toBe(2);
    expect(responses(scene)).toBe(2);
  });

  it('is one submission of a dialog', async () => {
    const scene = await hearing();
    const card = await post(scene, LAB, CARD);
    const bob = scene.discord.as(BOB);
    await bob.press(card, 'deny|7k3m9q2x').responded;

    await bob.submit({ reason: 'no' }).responded;
    await scene.nextPress();
    scene.discord.replayInteraction();

    expect(await heardInTheEnd(scene)).toBe(2);
    expect(responses(scene)).toBe(3);
  });
});

describe('the same words twice', () => {
  it('are two commands', async () => {
    const scene = await hearing();

    scene.discord.as(ALICE).command(LAB, 'status');
    scene.discord.as(ALICE).command(LAB, 'status');
    await scene.nextCommand();
    await scene.nextCommand();

    expect(scene.heard()).toBe(2);
  });
});

describe('a lost connection', () => {
  it('brings what people did meanwhile once, when it is resumed', async () => {
    const scene = await hearing();

    await scene.discord.as(ALICE).command(LAB, 'status').responded;
    scene.discord.dropGateway();
    scene.discord.as(ALICE).command(LAB, 'list');
    const first = await scene.nextCommand();
    const second = await scene.nextCommand();

    expect([first.text, second.text]).toEqual(['status', 'list']);
    expect(scene.heard()).toBe(2);
  });
});

const CARD = message({ text: 'card', buttons: [button('deny'), button('approve')] });

/** What was heard, once something that came later has been heard. */
async function heardInTheEnd(scene: Hearing): Promise<number> {
  scene.discord.as(BOB).command(LAB, 'help');
  await scene.nextCommand();
  return scene.heard();
}

/** How many first responses were sent. */
function responses({ discord }: Hearing): number {
  return discord.calls().filter(({ path }) => path.includes('/callback')).length;
}
