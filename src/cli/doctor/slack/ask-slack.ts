import { inspectSlack, type SlackFindings } from '../../../chat/slack/inspect.ts';
import type { BotConfig } from '../../../config/env.ts';
import type { AccessRules } from '../../../domain/access.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { slackRoleGroups } from '../../role-groups.ts';

/** What Slack says about all that the environment and the inventory name; null when Slack isn't set up. */
export async function askSlack(
  { slack }: BotConfig,
  inventory: { testboxes(): readonly Testbox[]; access(): AccessRules } | null,
): Promise<SlackFindings | null> {
  if (slack === null) return null;
  const ofBoxes = (inventory?.testboxes() ?? []).map(({ channels }) => channels.slack);
  const channels = [slack.channel, ...ofBoxes].filter((channel) => channel !== null);
  return inspectSlack({
    botToken: slack.botToken,
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    channels: [...new Set(channels)],
    groups: (team) => (inventory === null ? [] : slackRoleGroups(team, inventory.access())),
  });
}
