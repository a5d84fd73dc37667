import { z } from 'zod';
import { refusal } from '../api-error.ts';
import { applicationJson, gatewayJson } from '../application-json.ts';
import { APPLICATION, BOT_USER, botOf } from '../directory.ts';
import { formOf } from '../form.ts';
import { guildJson, rolesJson } from '../guild-json.ts';
import { memberJson, ownUserJson, userJson } from '../people-json.ts';
import { channelJson, placeJson } from '../place-json.ts';
import { BUDGETS } from '../rate-limits.ts';
import { ok, type Reply, type Route, type RouteCall } from '../route.ts';

const dmForm = z.looseObject({ recipient_id: z.string().regex(/^\d+$/) });

export const DIRECTORY_ROUTES: readonly Route[] = [
  read('/gateway/bot', ({ world }) => ok(gatewayJson(world))),
  read('/applications/@me', ({ world }) => ok(applicationJson(world))),
  read('/users/@me', ({ world }) => ok(ownUserJson(botOf(world.directory)))),
  read('/users/{user_id}', (call) => userReply(call, call.params.get('user_id'))),
  { method: 'POST', template: '/users/@me/channels', auth: 'bot', budget: BUDGETS.reads, run: openDm },
  read('/guilds/{guild_id}', (call) => ok(guildJson(guildOf(call)))),
  read('/guilds/{guild_id}/roles', (call) => ok(rolesJson(guildOf(call)))),
  read('/guilds/{guild_id}/channels', (call) => {
    const directory = guildOf(call);
    return ok(directory.channels().map((channel) => channelJson(directory, channel)));
  }),
  read('/guilds/{guild_id}/members/{user_id}', memberReply),
];

function read(template: string, run: (call: RouteCall) => Reply): Route {
  return { method: 'GET', template, auth: 'bot', budget: BUDGETS.reads, run };
}

function userReply({ world }: RouteCall, id: string): Reply {
  const user = world.directory.user(id);
  if (user === null) throw refusal('unknownUser');
  return ok(userJson(user));
}

function memberReply(call: RouteCall): Reply {
  const directory = guildOf(call);
  const user = directory.user(call.params.get('user_id'));
  if (user === null) throw refusal('unknownUser');
  return ok(memberJson(directory, user));
}

/** The direct messages exist even when the person takes none: sending is what fails. */
function openDm({ world, body }: RouteCall): Reply {
  const { recipient_id } = formOf(dmForm, body);
  const { directory } = world;
  if (directory.user(recipient_id) === null) throw refusal('unknownUser');
  if (recipient_id === BOT_USER) throw refusal('closedToYou');
  const place = directory.place(directory.openDm(recipient_id));
  if (place === null) throw refusal('unknownChannel');
  return ok(placeJson(directory, place));
}

/** A guild that the app isn't in can't be told from one that doesn't exist. */
export function guildOf({ world, params }: RouteCall): RouteCall['world']['directory'] {
  if (params.get('guild_id') !== world.directory.guild.id) throw refusal('unknownGuild');
  return world.directory;
}

/** @throws ApiError */
export function refuseStrangeApplication({ params }: RouteCall): void {
  if (params.get('application_id') !== APPLICATION) throw refusal('unknownApplication');
}
