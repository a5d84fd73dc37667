import { Params, type Route } from '../route.ts';
import { CALLBACK_ROUTES } from './callback.ts';
import { COMMAND_ROUTES } from './commands.ts';
import { DIRECTORY_ROUTES } from './directory.ts';
import { MESSAGE_ROUTES } from './messages.ts';
import { THREAD_ROUTES } from './threads.ts';
import { WEBHOOK_ROUTES } from './webhooks.ts';

/** All that the fake knows, plain words before parameters: `@me` is nobody's id. */
export const ROUTES: readonly Route[] = [
  ...DIRECTORY_ROUTES,
  ...MESSAGE_ROUTES,
  ...THREAD_ROUTES,
  ...COMMAND_ROUTES,
  ...CALLBACK_ROUTES,
  ...WEBHOOK_ROUTES,
].toSorted((a, b) => parametersIn(a) - parametersIn(b));

export function findRoute(method: string, path: string): { route: Route; params: Params } | null {
  const given = path.split('/');
  for (const route of ROUTES) {
    const params = route.method === method ? match(route.template.split('/'), given) : null;
    if (params !== null) return { route, params: new Params(params) };
  }
  return null;
}

function match(wanted: readonly string[], given: readonly string[]): Map<string, string> | null {
  if (wanted.length !== given.length) return null;
  const params = new Map<string, string>();
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    const [, name] = /^\{(.+)\}$/.exec(part) ?? [];
    if (name === undefined && part !== value) return null;
    if (name !== undefined) params.set(name, value);
  }
  return params;
}

function parametersIn({ template }: Route): number {
  return template.split('{').length;
}
