import type { Arguments } from './arguments.ts';
import { BOT_USER } from './directory.ts';
import { type Content, checkContent } from './message-content.ts';
import type { StoredMessage } from './message-store.ts';
import { RateLimited, Refusal, refusalWith } from './refusal.ts';
import type { ResponsePlace } from './response-urls.ts';
import { threadFor } from './threads.ts';
import type { Answer } from './web-api.ts';
import type { World } from './world.ts';

const METHOD = 'response_url';

/** Answers what an app sends to the response URL of a command or click. */
export function answerResponse(world: World, key: string, args: Arguments): Answer {
  const note = (outcome: string): void =>
    world.journal.addCall({ method: METHOD, at: world.now(), channel: null, outcome });
  if (world.faults.takeHang(METHOD)) {
    note('hung');
    return { kind: 'hung' };
  }
  try {
    respond(world, key, args);
    note('ok');
    if (world.faults.takeLoss(METHOD)) return { kind: 'lost' };
    return { kind: 'said', status: 200, headers: {}, body: { ok: true } };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    note(error.code);
    const limited = error instanceof RateLimited ? error : null;
    const headers = limited === null ? {} : { 'retry-after': String(limited.retryAfterSeconds) };
    const body = { ok: false, error: error.code, ...error.more };
    return { kind: 'said', status: statusOf(error), headers, body };
  }
}

function statusOf(error: Refusal): number {
  if (error instanceof RateLimited) return 429;
  return error.code.endsWith('_url') ? 404 : 400;
}

function respond(world: World, key: string, args: Arguments): void {
  const storm = world.faults.stormFor(METHOD);
  if (storm !== null) throw new RateLimited(storm);
  const failure = world.faults.takeFailure(METHOD);
  if (failure !== null) throw new Refusal(failure);
  const place = world.responseUrls.use(key);
  if (args.flag('delete_original')) {
    const original = originalOf(world, place);
    if (original !== null) world.messages.remove(original);
    return;
  }
  const blocks = args.json('blocks', 'invalid_blocks_format');
  const content = checkContent({ what: METHOD, text: args.text('text'), blocks }, world);
  if (args.flag('replace_original') && place.message !== null) replace(world, place, content);
  else show({ world, place, args }, content);
}

/** What a reload has taken from the client can't be replaced there; Slack doesn't notice. */
function replace(world: World, place: ResponsePlace, content: Content): void {
  const original = originalOf(world, place);
  if (original === null) return;
  world.messages.change(original, { ...content, edited: original.onlyFor === null });
}

function originalOf(world: World, { channel, message }: ResponsePlace): StoredMessage | null {
  return message === null ? null : world.messages.find(channel, message);
}

function show(how: { world: World; place: ResponsePlace; args: Arguments }, content: Content): void {
  const { world, place, args } = how;
  const { channel, user } = place;
  const threadTs = threadFor(world, channel, args.text('thread_ts'));
  const type = args.text('response_type') ?? 'ephemeral';
  if (type !== 'ephemeral' && type !== 'in_channel') {
    throw refusalWith('invalid_arguments', [`response_type is no such: ${type}`]);
  }
  if (type === 'in_channel') {
    world.messages.add({ channel, user: BOT_USER, ...content, threadTs });
    return;
  }
  world.messages.add({ channel, user: BOT_USER, ...content, threadTs, onlyFor: user });
}
