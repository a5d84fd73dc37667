import { expect, it } from 'vitest';
import type { InboundCommand } from '../../../src/chat/platform.ts';
import { ear, message } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB } from '../../fakes/slack/workspace.ts';
import { slackScene } from './slack-fixture.ts';

it('deals with what was typed before it stops: Slack delivers nothing again that was acknowledged', async () => {
  const { slack, connect, seen } = await slackScene();
  const platform = connect();
  const typed = Promise.withResolvers<InboundCommand>();
  const dealtWith = Promise.withResolvers<void>();
  const steps: string[] = [];
  await platform.start({
    ...ear().inbound,
    command: async (command) => {
      typed.resolve(command);
      await dealtWith.promise;
      await command.answers.answer(message('done'));
      steps.push(`answered ${command.text}`);
    },
  });
  await slack.as(ALICE).command(LAB, 'release pluto').acknowledged;
  await typed.promise;

  const stopped = platform.stop().then(() => steps.push('stopped'));
  const isHeard = () =>
    slack
      .as(BOB)
      .command(LAB, 'release venus')
      .acknowledged.then(() => true)
      .catch(() => false);
  await expect.poll(isHeard).toBe(false);
  const before = [...steps];
  dealtWith.resolve();
  await stopped;

  expect(before).toEqual([]);
  expect(steps).toContain('answered release pluto');
  expect(steps.at(-1)).toBe('stopped');
  expect(seen(ALICE).map(({ text }) => text)).toEqual(['done']);
});
