import type { SlackFindings } from '../../../chat/slack/inspect.ts';
import { type TokenName, tokenRefusal } from '../../../chat/slack/slack-errors.ts';
import { whyNoAnswer } from '../../../chat/why-no-answer.ts';
import { type Check, todoOr } from '../check.ts';
import { lookingAtSlack, type SlackLook } from './look.ts';

export const slackTokens: Check = {
  name: 'slack tokens',
  run: lookingAtSlack((slack) => {
    const { bot, app } = slack.findings;
    const why = silence(bot) ?? silence(app);
    if (why !== null) return { kind: 'fix', todo: [reachIt(slack, why)] };
    const home = bot.kind === 'valid' ? `@${bot.botName} in ${bot.teamName} (${bot.team})` : '';
    return todoOr(home, [...renew('SLACK_BOT_TOKEN', bot), ...renew('SLACK_APP_TOKEN', app)]);
  }),
};

type TokenFinding = SlackFindings['bot'] | SlackFindings['app'];

/** Why Slack said nothing about the token; null when it did. */
function silence(finding: TokenFinding): string | null {
  return finding.kind === 'valid' ? null : whyNoAnswer('Slack', finding);
}

function renew(token: TokenName, finding: TokenFinding): string[] {
  if (finding.kind !== 'refused') return [];
  const known = tokenRefusal(token, finding);
  return [known?.message ?? `put another token into ${token}: Slack refuses this one (${finding.code})`];
}

function reachIt({ settings: { apiUrl } }: SlackLook, why: string): string {
  return apiUrl === null
    ? `let this machine reach https://slack.com: ${why}`
    : `check SLACK_API_URL, and that this machine reaches ${apiUrl}: ${why}`;
}
