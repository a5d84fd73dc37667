import { APPLICATION, botOf } from './directory.ts';
import type { Json } from './json.ts';
import { userJson } from './people-json.ts';
import type { World } from './world.ts';

export function applicationJson({ directory }: World): Json {
  const owner = directory.user(directory.guild.ownerId);
  return {
    ...{ id: APPLICATION, name: 'Testbox', icon: null, description: '', summary: '', flags: 0 },
    ...{ bot_public: false, bot_require_code_grant: false, verify_key: '0', team: null, hook: true },
    ...{ bot: userJson(botOf(directory)), owner: owner === null ? null : userJson(owner) },
    ...{ type: null, flags_new: '0', role_connections_verification_url: null, explicit_content_filter: 0 },
    ...{ approximate_user_install_count: 0, approximate_user_authorization_count: 0 },
    eligible_oauth2_scopes: [],
    ...{ approximate_guild_count: 1, redirect_uris: [], interactions_endpoint_url: null },
  };
}

export function gatewayJson(world: World): Json {
  const limit = { total: 1000, remaining: world.gateway.startsLeft(), reset_after: 0, max_concurrency: 1 };
  return { url: `ws://${world.host}`, shards: 1, session_start_limit: limit };
}
