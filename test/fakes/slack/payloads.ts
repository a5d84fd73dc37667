import { randomBytes } from 'node:crypto';
import { APP_ID, BOT_USER, type Conversation } from './directory.ts';
import type { FakeUser } from './types.ts';
import type { World } from './world.ts';

/** Slack's old means to verify a request; still in every payload. */
const VERIFICATION_TOKEN = 'verification';

type Payload = Record<string, unknown>;

export function commandPayload(
  world: World,
  from: { user: FakeUser; conversation: Conversation; text: string },
): Payload {
  const { user, conversation, text } = from;
  const { id, domain } = world.directory.team;
  return {
    token: VERIFICATION_TOKEN,
    ...{ team_id: id, team_domain: domain },
    ...{ channel_id: conversation.id, channel_name: commandChannelName(conversation) },
    ...{ user_id: user.id, user_name: user.name, command: '/testbox', text: escaped(text) },
    ...{ api_app_id: APP_ID, is_enterprise_install: 'false' },
    response_url: responseUrl(world, { user: user.id, channel: conversation.id, message: null }),
    trigger_id: world.triggers.issue(user.id),
  };
}

/** What all interactive payloads have. */
export function interactivePayload(world: World, type: string, user: FakeUser): Payload {
  const { id, domain } = world.directory.team;
  const team_id = user.team ?? id;
  return {
    type,
    user: { id: user.id, username: user.name, name: user.name, team_id },
    ...{ api_app_id: APP_ID, token: VERIFICATION_TOKEN, team: { id, domain } },
    ...{ enterprise: null, is_enterprise_install: false },
  };
}

export function eventPayload(world: World, event: Payload): Payload {
  const { id } = world.directory.team;
  const authorization = { enterprise_id: null, team_id: id, user_id: BOT_USER };
  return {
    ...{ token: VERIFICATION_TOKEN, team_id: id, context_team_id: id, context_enterprise_id: null },
    ...{ api_app_id: APP_ID, event, type: 'event_callback', is_ext_shared_channel: false },
    event_id: `Ev${randomBytes(6).toString('hex').toUpperCase()}`,
    event_time: Math.floor(world.now() / 1000),
    authorizations: [{ ...authorization, is_bot: true, is_enterprise_install: false }],
  };
}

export function responseUrl(
  world: World,
  place: { user: string; channel: string; message: string | null },
): string {
  return `http://${world.host}/response/${world.responseUrls.issue(place)}`;
}

/** What people type reaches apps so. */
export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function commandChannelName({ kind, name }: Conversation): string {
  if (kind === 'public') return name;
  return kind === 'private' ? 'privategroup' : 'directmessage';
}
