import { inspectSlack, type SlackFindings } from '../../../chat/slack/inspect.ts';
import type { BotConfig } from '../../../config/env.ts';
import type { AccessRules } from '../../../domain/access.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { roleGroups } from '../../role-groups.ts';
import { channelsOf } from '../channel-users.ts';
import { slackChannelUsers } from './channels.ts';

/** What Slack says about all that the environment and the inventory name; null when Slack isn't set up. */
export async function askSlack(
  { slack }: BotConfig,
  inventory: { testboxes(): readonly Testbox[]; access(): AccessRules } | null,
): Promise<SlackFindings | null> {
  if (slack === null) return null;
  return inspectSlack({
    botToken: slack.botToken,
    appToken: slack.appToken,
    apiUrl: slack.apiUrl,
    channels: channelsOf(slackChannelUsers(slack, inventory?.testboxes() ?? [])),
    groups: (team) => (inventory === null ? [] : roleGroups({ platform: 'slack', team }, inventory.access())),
  });
}
