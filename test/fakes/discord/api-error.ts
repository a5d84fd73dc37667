import type { Json } from './json.ts';

/** Discord says no: what becomes `{"message", "code"}` with an HTTP status. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: number;
  /** Further keys of the answer. */
  readonly more: Json;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    refusal: { status: number; code: number; message: string },
    extra: { more?: Json; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(refusal.message);
    this.status = refusal.status;
    this.code = refusal.code;
    this.more = extra.more ?? {};
    this.headers = extra.headers ?? {};
  }
}

const REFUSALS = {
  notFound: [404, 0, '404: Not Found'],
  unauthorized: [401, 0, '401: Unauthorized'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownApplication: [404, 10002, 'Unknown Application'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyCommands: [400, 30034, 'Max number of daily application command creates has been reached (200)'],
  tooLarge: [413, 40005, 'Request entity too large'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notInDirectMessages: [403, 50003, 'Cannot execute action on a DM channel'],
  notYours: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  closedToYou: [403, 50007, 'Cannot send messages to this user'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  wrongChannelType: [400, 50024, 'Cannot execute action on this channel type'],
  invalidWebhookToken: [401, 50027, 'Invalid Webhook Token'],
  invalidVersion: [400, 50041, 'Invalid API version'],
  archived: [400, 50083, 'Thread is archived'],
  locked: [400, 50083, 'Thread is archived'],
  invalidJson: [400, 50109, 'The request body contains invalid JSON.'],
  threadExists: [400, 160004, 'A thread has already been created for this message'],
} as const satisfies Record<string, readonly [status: number, code: number, message: string]>;

export function refusal(name: keyof typeof REFUSALS): ApiError {
  const [status, code, message] = REFUSALS[name];
  return new ApiError({ status, code, message });
}

/** One thing that is wrong in a request's body. */
export interface FormIssue {
  path: readonly PropertyKey[];
  code: string;
  message: string;
}

/** 50035: Discord's own shape, an `_errors` at each place where something is wrong. */
export function invalidForm(issues: readonly FormIssue[]): ApiError {
  const errors: Json = {};
  for (const { path, code, message } of issues) {
    let place = errors;
    for (const key of path) {
      const inner = (place[String(key)] ?? {}) as Json;
      place[String(key)] = inner;
      place = inner;
    }
    place._errors = [...((place._errors as unknown[] | undefined) ?? []), { code, message }];
  }
  return new ApiError(
    { status: 400, code: INVALID_FORM, message: 'Invalid Form Body' },
    { more: { errors } },
  );
}

export const INVALID_FORM = 50035;

export function invalidAt(path: string, message: string): ApiError {
  return invalidForm([{ path: path === '' ? [] : path.split('.'), code: 'BASE_TYPE_INVALID', message }]);
}
