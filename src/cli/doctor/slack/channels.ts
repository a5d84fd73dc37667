import type { ChannelFinding } from '../../../chat/slack/inspect.ts';
import type { Testbox } from '../../../domain/testbox.ts';
import { type Check, todoOr } from '../check.ts';
import { cureOf, lookingAsBot } from './look.ts';

/** A channel that takes no posts: jobs in it would be silent. */
export const slackChannels: Check = {
  name: 'slack channels',
  run: lookingAsBot(({ botName }, { settings, findings }, { testboxes }) => {
    const boxes = testboxes ?? [];
    const todo = findings.channels.flatMap((finding) => {
      const users = usersOf(finding.channel, { boxes, isDefault: finding.channel === settings.channel });
      return cure(finding, { place: `${nameOf(finding)}, the channel of ${users}`, botName });
    });
    const { length } = findings.channels;
    return todoOr(`${length} ${length === 1 ? 'takes' : 'take'} posts${homeless(boxes)}`, todo);
  }),
};

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

function nameOf({ channel, name }: ChannelFinding): string {
  return name === null ? channel : `#${name} (${channel})`;
}

/** Who would miss it. */
function usersOf(
  channel: string,
  { boxes, isDefault }: { boxes: readonly Testbox[]; isDefault: boolean },
): string {
  const names = boxes.filter(({ channels }) => channels.slack === channel).map(({ name }) => name);
  return [...(isDefault ? ['SLACK_CHANNEL'] : []), ...names].join(', ');
}

function homeless(boxes: readonly Testbox[]): string {
  const names = boxes.filter(({ channels }) => channels.slack === null).map(({ name }) => name);
  return names.length === 0 ? '' : `; cards of ${names.join(', ')} go where they are asked for`;
}
