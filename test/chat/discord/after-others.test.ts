import { expect, it } from 'vitest';
import { ear, message } from '../../contracts/chat-platform.ts';
import { LAB } from '../../fakes/discord/guild.ts';
import { JumpingPacerClock } from '../../fakes/pacer-clock.ts';
import { discordScene, QUICK } from './discord-fixture.ts';

it('a bot that was just started leaves the channel what the one before may have used of its limits', async () => {
  const { connect } = await discordScene();
  const turns = new JumpingPacerClock();
  const bot = connect({ pace: { turns, gateway: QUICK } });
  await bot.start(ear().inbound);
  const startedAt = turns.now();

  const progress = bot.progressTurn(LAB);
  await bot.turn({ kind: 'edit', channel: LAB, urgency: 'people' });
  const edited = turns.now() - startedAt;
  await bot.turn({ kind: 'post', channel: LAB, urgency: 'people' });
  await bot.post({ channel: LAB, nonce: 'job:card' }, message('a card'));

  expect(progress).toBe(false);
  expect(edited).toBeGreaterThanOrEqual(5_000);
  expect(turns.now() - startedAt).toBeLessThan(2 * 5_100);
});
