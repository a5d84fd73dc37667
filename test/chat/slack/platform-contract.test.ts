import { expect } from 'vitest';
import { chatPlatformContract } from '../../contracts/chat-platform.ts';
import { ALICE, BOB, LAB, MALLORY } from '../../fakes/slack/workspace.ts';
import { buttonsOf } from './hearing.ts';
import { slackScene } from './slack-fixture.ts';

const IDS: Readonly<Record<string, string>> = { alice: ALICE, bob: BOB, mallory: MALLORY };

chatPlatformContract('Slack', async () => {
  const { slack, connect, seen } = await slackScene({ queueWhileAway: true, rateLimits: false });
  const idOf = (user: string) => IDS[user] ?? expect.fail(`nobody is called ${user}`);
  return {
    platform: connect(),
    channel: LAB,
    idOf,
    // A file comes as a message of its own, without words.
    shown: async (user) => seen(idOf(user)).flatMap(({ text }) => (text === '' ? [] : [text])),
    shownInChannel: async () =>
      seen(BOB)
        .filter(({ ephemeral, threadTs, broadcast }) => !ephemeral && (threadTs === null || broadcast))
        .map(({ text }) => text),
    files: async () => seen(BOB).flatMap(({ files }) => files),
    say: async (user, text) => void slack.as(idOf(user)).command(LAB, text),
    press: async (user, id) => {
      const shows = seen(idOf(user)).findLast((message) => buttonsOf(message).some((one) => one.id === id));
      slack.as(idOf(user)).press(shows ?? expect.fail(`${user} sees no button ${id}`), id);
    },
    disconnect: () => slack.setDown(true),
    reconnect: () => slack.setDown(false),
    goneRef: `${LAB}:1700000000.000100`,
  };
});
