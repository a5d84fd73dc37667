import type { ChannelFinding } from '../../../chat/slack/inspect.ts';
import type { BotConfig } from '../../../config/env.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { allTakePosts, type ChannelUsers, placeOf } from '../channel-users.ts';
import { type Check, todoOr } from '../check.ts';
import { cureOf, lookingAsBot } from './look.ts';

/** A channel that takes no posts: jobs in it would be silent. */
export const slackChannels: Check = {
  name: 'slack channels',
  run: lookingAsBot(({ botName }, { settings, findings: { channels } }, { testboxes }) => {
    const users = slackChannelUsers(settings, testboxes ?? []);
    const todo = channels.flatMap((finding) => cure(finding, { place: placeOf(finding, users), botName }));
    return todoOr(allTakePosts(channels.length, users), todo);
  }),
};

/** Whose channels on Slack are looked at. */
export function slackChannelUsers(
  { channel }: NonNullable<BotConfig['slack']>,
  boxes: readonly Testbox[],
): ChannelUsers {
  return { platform: 'slack', boxes, fallback: { variable: 'SLACK_CHANNEL', channel } };
}

function cure(finding: ChannelFinding, { place, botName }: { place: string; botName: string }): string[] {
  switch (finding.kind) {
    case 'ready':
      return [];
    case 'archived':
      return [`unarchive ${place}, or name another one: nothing can be posted there`];
    case 'not-member':
      return [`type "/invite @${botName}" in ${place}: the bot is no member`];
    case 'refused':
      if (finding.code !== 'channel_not_found') break;
      return [
        `correct the id ${place}, or type "/invite @${botName}" there if it is private: Slack shows the bot no such channel`,
      ];
  }
  return [cureOf(finding, place)];
}
