import type { Arguments } from './arguments.ts';
import { METHODS } from './methods/index.ts';
import type { Call, Method } from './methods/method.ts';
import { RateLimited, Refusal } from './refusal.ts';
import { APP_SCOPES, APP_TOKEN } from './tokens.ts';
import type { World } from './world.ts';

/** An answer over HTTP; `lost` has had its effect, `hung` not. */
export type Answer =
  | { kind: 'said'; status: number; headers: Record<string, string>; body: Record<string, unknown> }
  | { kind: 'lost' }
  | { kind: 'hung' };

export interface Request {
  method: string;
  token: string | null;
  args: Arguments;
}

/** Answers one call of the Web API as Slack would. */
export function answerCall(world: World, request: Request): Answer {
  const { method, args } = request;
  if (world.faults.takeHang(method)) {
    note(world, request, 'hung');
    return { kind: 'hung' };
  }
  const call: Call = { name: method, args, world };
  const scopes = { provided: providedBy(world, request.token), accepted: acceptedBy(call) };
  try {
    const body = { ok: true, ...perform(call, request.token) };
    note(world, request, 'ok');
    if (world.faults.takeLoss(method)) return { kind: 'lost' };
    return { kind: 'said', status: 200, headers: headersFor(scopes), body };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    note(world, request, error.code);
    const limited = error instanceof RateLimited ? error : null;
    const wait = limited === null ? {} : { 'retry-after': String(limited.retryAfterSeconds) };
    const headers = { ...headersFor(scopes), ...wait };
    const body = { ok: false, error: error.code, ...error.more };
    return { kind: 'said', status: limited === null ? 200 : 429, headers, body };
  }
}

function perform(call: Call, token: string | null): Record<string, unknown> {
  const { name, world } = call;
  const storm = world.faults.stormFor(name);
  if (storm !== null) throw new RateLimited(storm);
  const method = METHODS.get(name);
  if (method === undefined) throw new Refusal('unknown_method', { req_method: name });
  const kind = world.tokens.identify(token);
  if (method.token !== 'either' && method.token !== kind) throw new Refusal('not_allowed_token_type');
  const failure = world.faults.takeFailure(name);
  if (failure !== null) throw new Refusal(failure);
  refuseScope(acceptedBy(call), providedBy(world, token));
  return limited(call, method);
}

function limited(call: Call, method: Method): Record<string, unknown> {
  const { name, world } = call;
  try {
    const wait = world.limits.take(name, method.perMinute);
    if (wait !== null) throw new RateLimited(wait);
    return method.run(call);
  } catch (error) {
    if (error instanceof RateLimited) world.journal.breach(`${name} was called beyond Slack's limit (429)`);
    throw error;
  }
}

function acceptedBy(call: Call): readonly string[] {
  return METHODS.get(call.name)?.scopes(call) ?? [];
}

function providedBy(world: World, token: string | null): readonly string[] {
  return token === APP_TOKEN ? APP_SCOPES : world.directory.scopes;
}

function refuseScope(accepted: readonly string[], provided: readonly string[]): void {
  if (accepted.length === 0 || accepted.some((scope) => provided.includes(scope))) return;
  throw new Refusal('missing_scope', { needed: accepted.join(','), provided: provided.join(',') });
}

function headersFor(scopes: {
  provided: readonly string[];
  accepted: readonly string[];
}): Record<string, string> {
  return {
    'x-oauth-scopes': scopes.provided.join(','),
    'x-accepted-oauth-scopes': scopes.accepted.join(','),
  };
}

function note(world: World, { method, args }: Request, outcome: string): void {
  const channel = args.text('channel') ?? args.text('channel_id');
  world.journal.addCall({ method, at: world.now(), channel, outcome });
}
