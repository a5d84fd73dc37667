import type { SlackFailure } from '../../../chat/slack/failure.ts';
import type { BotTokenFinding, SlackFindings } from '../../../chat/slack/inspect.ts';
import { whyNoAnswer } from '../../../chat/why-no-answer.ts';
import type { BotConfig } from '../../../config/env.ts';
import { type Check, type CheckResult, type DoctorContext, NEEDS_ENVIRONMENT } from '../check.ts';

/** Slack as it is set up, and what it says. */
export interface SlackLook {
  settings: NonNullable<BotConfig['slack']>;
  findings: SlackFindings;
}

export type ValidBot = Extract<BotTokenFinding, { kind: 'valid' }>;

const NOT_SET_UP: CheckResult = { kind: 'skipped', why: 'Slack is not set up (docs/slack.md says how)' };
const NEEDS_TOKENS: CheckResult = { kind: 'skipped', why: 'the tokens of Slack come first' };

/** For a check that looks at Slack's own answers. */
export function lookingAtSlack(
  look: (slack: SlackLook, context: DoctorContext) => CheckResult,
): Check['run'] {
  return async (context) => {
    if (context.config === null) return NEEDS_ENVIRONMENT;
    const { slack: settings } = context.config;
    if (settings === null || context.slack === null) return NOT_SET_UP;
    return look({ settings, findings: context.slack }, context);
  };
}

/** For a check that makes no sense before the bot token is right. */
export function lookingAsBot(
  look: (bot: ValidBot, slack: SlackLook, context: DoctorContext) => CheckResult,
): Check['run'] {
  return lookingAtSlack((slack, context) => {
    const { bot } = slack.findings;
    return bot.kind === 'valid' ? look(bot, slack, context) : NEEDS_TOKENS;
  });
}

/** What to do where Slack didn't show something, whatever it was. */
export function cureOf(failure: SlackFailure, what: string): string {
  if (failure.kind !== 'refused')
    return `run the doctor again: ${what} was not seen, ${whyNoAnswer('Slack', failure)}`;
  const { code, needed } = failure;
  if (code === 'missing_scope') {
    return `put the scopes right and run the doctor again: ${what} can't be seen without ${needed ?? 'them'}`;
  }
  return `find out what "${code}" means at https://docs.slack.dev: that is the answer about ${what}`;
}
