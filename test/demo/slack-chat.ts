import { startFakeSlack } from '../fakes/slack/fake-slack.ts';
import { ACME, ALICE, BOB, LAB } from '../fakes/slack/workspace.ts';
import { chatPeople } from './chat-people.ts';
import { type FakeDemoChat, playOver } from './play-over-chat.ts';
import { slackFront } from './slack-people.ts';
import type { Told } from './told.ts';

/** A workspace of its own for one lab, with Slack's real limits. */
async function openSlackChat(): Promise<FakeDemoChat> {
  const slack = await startFakeSlack(ACME);
  const front = slackFront(slack);
  return {
    front,
    environment: {
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_APP_TOKEN: slack.appToken,
      SLACK_API_URL: slack.apiUrl,
      SLACK_CHANNEL: LAB,
    },
    channel: { platform: 'slack', id: LAB },
    accounts: { alice: `slack:${ACME.team.id}:${ALICE}`, bob: `slack:${ACME.team.id}:${BOB}` },
    people: chatPeople(front),
    close: () => slack.stop(),
  };
}

/** Plays a script with the real bot on a Slack of its own. */
export function playOverSlack(script: string): Promise<Told> {
  return playOver(openSlackChat, script);
}
