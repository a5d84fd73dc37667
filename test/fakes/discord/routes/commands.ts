import { invalidAt } from '../api-error.ts';
import { commandJson } from '../command-registry.ts';
import { isJson } from '../json.ts';
import { BUDGETS } from '../rate-limits.ts';
import { ok, type Reply, type Route, type RouteCall } from '../route.ts';
import { guildOf, refuseStrangeApplication } from './directory.ts';

const GUILD_COMMANDS = '/applications/{application_id}/guilds/{guild_id}/commands';
const COMMANDS = '/applications/{application_id}/commands';

type Scope = (call: RouteCall) => string | null;

export const COMMAND_ROUTES: readonly Route[] = [
  ...routesFor(GUILD_COMMANDS, (call) => guildOf(call).guild.id),
  ...routesFor(COMMANDS, () => null),
];

function routesFor(template: string, scope: Scope): readonly Route[] {
  const common = { template, auth: 'bot', budget: BUDGETS.commands } as const;
  return [
    { ...common, budget: BUDGETS.reads, method: 'GET', run: (call) => list(call, scope) },
    { ...common, method: 'PUT', run: (call) => replace(call, scope) },
    { ...common, method: 'POST', run: (call) => put(call, scope) },
  ];
}

function list(call: RouteCall, scope: Scope): Reply {
  refuseStrangeApplication(call);
  return ok(call.world.commands.of(scope(call)).map(commandJson));
}

function replace(call: RouteCall, scope: Scope): Reply {
  refuseStrangeApplication(call);
  const given = call.body ?? [];
  if (!Array.isArray(given) || !given.every(isJson))
    throw invalidAt('', 'Only lists of commands may be put.');
  const names = given.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalidAt('', 'Application command names must be unique');
  return ok(call.world.commands.replaceAll(scope(call), given).map(commandJson));
}

function put(call: RouteCall, scope: Scope): Reply {
  refuseStrangeApplication(call);
  if (!isJson(call.body)) throw invalidAt('', 'Only dictionaries may be used as a command.');
  const { command, isNew } = call.world.commands.put(scope(call), call.body);
  return { status: isNew ? 201 : 200, body: commandJson(command) };
}
