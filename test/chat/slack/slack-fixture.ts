import { setTimeout } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import type { ChatRefusedError } from '../../../src/chat/platform.ts';
import { SlackPlatform, type SlackSettings } from '../../../src/chat/slack/platform.ts';
import type { SocketPace } from '../../../src/chat/slack/socket.ts';
import { FakeClock } from '../../fakes/clock.ts';
import { JumpingPacerClock } from '../../fakes/pacer-clock.ts';
import { MemoryLedger } from '../../fakes/post-ledger.ts';
import { recordedLog } from '../../fakes/recorded-log.ts';
import { startFakeSlack } from '../../fakes/slack/fake-slack.ts';
import type { FakeSlack, SeenMessage, WorkspaceSettings } from '../../fakes/slack/types.ts';

/** Adapter and fake Slack, with a ledger that outlives bots. */
export interface SlackScene {
  slack: FakeSlack;
  ledger: MemoryLedger;
  /** Messages of warnings and errors, in order. */
  warnings: readonly { message: string; fields: object }[];
  refused: readonly ChatRefusedError[];
  /** A bot, not started; stopped with the test. */
  connect(more?: Partial<SlackSettings>): SlackPlatform;
  /** The bot's messages that this person sees. */
  seen(user: string): readonly SeenMessage[];
}

/**
 * Whatever happens, nothing is left to the process to catch, and Slack's limits hold: turns and
 * limits go by a time that jumps to the next turn when somebody waits for one.
 */
export async function slackScene(workspace: Partial<WorkspaceSettings> = {}): Promise<SlackScene> {
  const turns = new JumpingPacerClock();
  const began = Date.now();
  const slack = await startFakeSlack({ now: () => began + turns.now(), ...workspace });
  const ledger = new MemoryLedger();
  const { warnings, log } = recordedLog();
  const refused: ChatRefusedError[] = [];
  const platforms: SlackPlatform[] = [];
  const uncaught: unknown[] = [];
  const note = (error: unknown) => uncaught.push(error);
  process.on('unhandledRejection', note);
  onTestFinished(async () => {
    for (const platform of platforms) await platform.stop();
    await slack.stop();
    process.off('unhandledRejection', note);
    expect({ uncaught, breaches: slack.breaches() }).toEqual({ uncaught: [], breaches: [] });
  });
  return {
    ...{ slack, ledger, warnings, refused },
    connect: (more = {}) => {
      const platform = new SlackPlatform({
        ...{ botToken: slack.botToken, appToken: slack.appToken, apiUrl: slack.apiUrl },
        ...{ groups: () => [], ledger, clock: new FakeClock(Date.now()), log },
        onRefused: (error) => refused.push(error),
        pace: { turns, socket: QUICK },
        ...more,
      });
      platforms.push(platform);
      return platform;
    },
    seen: (user) =>
      slack
        .as(user)
        .sees()
        .filter((message) => message.user === slack.botUser),
  };
}

/** Sockets without patience. */
export const QUICK: SocketPace = {
  pauseMs: (failures) => (failures === 0 ? 0 : 5),
  slowMs: 10,
  lastingMs: 0,
  openWithinMs: 5_000,
  silentMs: 5_000,
  sleep: (ms, signal) => setTimeout(ms, undefined, { signal }).catch(() => {}),
};

/** A socket that is lost stays lost. */
export const NEVER_AGAIN: SocketPace = {
  ...QUICK,
  sleep: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
};
