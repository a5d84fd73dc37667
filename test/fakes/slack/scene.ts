import { App, type Logger, LogLevel } from '@slack/bolt';
import { WebClient, type WebClientOptions } from '@slack/web-api';
import { onTestFinished } from 'vitest';
import { startFakeSlack } from './fake-slack.ts';
import type { FakeSlack, WorkspaceSettings } from './types.ts';

/** A fake Slack that stops with the test, and a client with the bot's token that never retries. */
export async function workspace(
  settings: Partial<WorkspaceSettings> = {},
  options: WebClientOptions = {},
): Promise<{ slack: FakeSlack; web: WebClient }> {
  const slack = await startFakeSlack(settings);
  onTestFinished(() => slack.stop());
  return { slack, web: clientFor(slack, slack.botToken, options) };
}

export function clientFor(slack: FakeSlack, token: string, options: WebClientOptions = {}): WebClient {
  return new WebClient(token, {
    slackApiUrl: slack.apiUrl,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
    logger: QUIET,
    ...options,
  });
}

/** The real Bolt on a fake Slack; `listen` says what it does. */
export async function workspaceWithApp(
  listen: (app: App, slack: FakeSlack) => void,
  settings: Partial<WorkspaceSettings> = {},
): Promise<{ slack: FakeSlack; web: WebClient; app: App }> {
  const { slack, web } = await workspace(settings);
  const { botToken: token, appToken, apiUrl: slackApiUrl } = slack;
  const app = new App({ token, appToken, socketMode: true, logger: QUIET, clientOptions: { slackApiUrl } });
  listen(app, slack);
  await app.start();
  onTestFinished(async () => {
    await app.stop();
  });
  return { slack, web, app };
}

/** What a refused call says: Slack's code, and its own notes. */
export async function refusal(call: Promise<unknown>): Promise<{ error: string; [more: string]: unknown }> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && 'data' in error) return error.data as { error: string };
    throw error;
  }
  throw new Error('The call was not refused.');
}

export async function errorOf(call: Promise<unknown>): Promise<string> {
  return (await refusal(call)).error;
}

/** What tests provoke would fill the log. */
export const QUIET: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  setName() {},
  getLevel: () => LogLevel.ERROR,
};
