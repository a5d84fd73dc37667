import { ApiError, INVALID_FORM, refusal } from './api-error.ts';
import { refuseUndescribed } from './description.ts';
import type { Json } from './json.ts';
import type { MessageBody } from './message-body.ts';
import type { Params, Reply, Route } from './route.ts';
import { findRoute } from './routes/index.ts';
import type { World } from './world.ts';

/** An answer over HTTP; `lost` has had its effect. */
export type Answer =
  | { kind: 'said'; status: number; headers: Readonly<Record<string, string>>; body: Reply['body'] }
  | { kind: 'lost' };

export interface ApiRequest {
  method: string;
  /** Without the prefix `/api/v10`. */
  path: string;
  query: URLSearchParams;
  authorization: string | null;
  /** Read only after all that can be refused without it. */
  content: () => MessageBody;
}

interface Found {
  world: World;
  request: ApiRequest;
  route: Route;
  params: Params;
}

/** Answers one call of the REST API as Discord would. */
export function answerCall(world: World, request: ApiRequest): Answer {
  const headers: Record<string, string> = {};
  try {
    const { status, body } = perform(world, request, headers);
    note(world, request, { status, code: 0 });
    if (world.faults.takeLoss(request.path)) return { kind: 'lost' };
    return { kind: 'said', status, headers, body };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, code, message, more } = error;
    note(world, request, { status, code });
    const isShared = error.headers['x-ratelimit-scope'] === 'shared';
    if ([401, 403, 429].includes(status) && !isShared) world.invalid.count += 1;
    const body: Json = { message, code, ...more };
    return { kind: 'said', status, headers: { ...headers, ...error.headers }, body };
  }
}

function perform(world: World, request: ApiRequest, headers: Record<string, string>): Reply {
  const { method, path } = request;
  const storm = world.faults.stormFor(path);
  if (storm !== null) throw limited({ retryAfterSeconds: storm, scope: 'shared' });
  const found = findRoute(method, path);
  if (found === null) {
    world.journal.breach(`${method} ${path} is no route that the fake Discord knows`);
    throw refusal('notFound');
  }
  if (found.route.auth === 'bot' || request.authorization !== null) {
    world.tokens.refuseHeader(request.authorization);
  }
  const failure = world.faults.takeFailure(path);
  if (failure !== null) throw new ApiError(failure);
  takeLimits({ world, request, ...found }, headers);
  return run({ world, request, ...found });
}

function takeLimits({ world, request, route, params }: Found, headers: Record<string, string>): void {
  const over = `${request.method} ${request.path} was called beyond Discord's limit (429)`;
  const wait = route.auth === 'bot' ? world.limits.takeGlobal() : null;
  if (wait !== null) {
    world.journal.breach(over);
    throw limited({ retryAfterSeconds: wait, scope: 'global' });
  }
  const taken = world.limits.take(route.budget, params.major());
  Object.assign(headers, taken.headers);
  if (taken.kind === 'taken') return;
  world.journal.breach(over);
  throw limited({ retryAfterSeconds: taken.retryAfterSeconds, scope: 'user' });
}

function run({ world, request, route, params }: Found): Reply {
  const { method, path, query } = request;
  try {
    const content = request.content();
    const parameters = { ...Object.fromEntries(query), ...params.all() };
    const { template } = route;
    refuseUndescribed({ method, template, parameters, body: content.body, isForm: content.files.length > 0 });
    return route.run({ world, params, query, ...content });
  } catch (error) {
    if (error instanceof ApiError && (error.code === INVALID_FORM || error.status === 429)) {
      const why = JSON.stringify(error.more.errors ?? error.message);
      world.journal.breach(`${method} ${path} was refused (${error.code}): ${why}`);
    }
    throw error;
  }
}

function limited(wait: { retryAfterSeconds: number; scope: 'user' | 'global' | 'shared' }): ApiError {
  const { retryAfterSeconds, scope } = wait;
  const isGlobal = scope === 'global';
  return new ApiError(
    { status: 429, code: 0, message: 'You are being rate limited.' },
    {
      more: { retry_after: retryAfterSeconds, global: isGlobal },
      headers: {
        'retry-after': String(Math.ceil(retryAfterSeconds)),
        'x-ratelimit-scope': scope,
        ...(isGlobal ? { 'x-ratelimit-global': 'true' } : {}),
      },
    },
  );
}

function note(world: World, { method, path }: ApiRequest, outcome: { status: number; code: number }): void {
  world.journal.addCall({ method, path, at: world.now(), ...outcome });
}
