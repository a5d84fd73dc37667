import { APP_ID, BOT_ID, BOT_USER } from '../directory.ts';
import { CONNECTIONS_PER_MINUTE, TIER } from '../rate-limits.ts';
import { type Call, type Method, scope } from './method.ts';

export const APP_METHODS: Readonly<Record<string, Method>> = {
  'auth.test': { token: 'either', perMinute: TIER.free, scopes: scope(), run: authTest },
  'apps.connections.open': {
    ...{
      token: 'app',
      perMinute: CONNECTIONS_PER_MINUTE,
      scopes: scope('connections:write'),
      run: openConnection,
    },
  },
};

function authTest({ world }: Call): Record<string, unknown> {
  const { id, name, domain } = world.directory.team;
  const bot = { user: 'testbox', user_id: BOT_USER, bot_id: BOT_ID };
  const team = { url: `https://${domain}.slack.com/`, team: name, team_id: id };
  return { ...team, ...bot, is_enterprise_install: false };
}

function openConnection({ world }: Call): Record<string, unknown> {
  return { url: `ws://${world.host}/link?ticket=${world.sockets.issueTicket()}&app_id=${APP_ID}` };
}
