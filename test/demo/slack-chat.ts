import type { DemoChat } from '../../src/cli/demo/chat.ts';
import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import type { FakeSlack } from '../fakes/slack/types.ts';
import { ACME, ALICE, BOB, LAB } from '../fakes/slack/workspace.ts';
import { slackPeople } from './slack-people.ts';

/** A workspace of its own for one lab, with Slack's real limits. */
export interface SlackChat extends DemoChat {
  slack: FakeSlack;
}

export async function openSlackChat(): Promise<SlackChat> {
  const slack = await startFakeSlack(ACME);
  return {
    slack,
    environment: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_CHANNEL: LAB,
    },
    channel: { platform: 'slack', id: LAB },
    accounts: { alice: `slack:${ACME.team.id}:${ALICE}`, bob: `slack:${ACME.team.id}:${BOB}` },
    people: slackPeople(slack),
    close: () => slack.stop(),
  };
}
