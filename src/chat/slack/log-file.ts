import type { WebClient } from '@slack/web-api';
import type { Log } from '../../app/ports.ts';
import { LIMITS } from './blocks/limits.ts';
import type { RenderedMessage } from './blocks/message.ts';
import { section } from './blocks/objects.ts';
import { called, SlackCallError } from './failure.ts';
import type { PostedFinder } from './find-posted.ts';
import type { SlackPlace } from './ref.ts';
import { lacksScope, tokenRefusal } from './slack-errors.ts';

export interface TextFile {
  name: string;
  content: string;
}

export interface FilePlace {
  /** The message that speaks of the file. */
  message: SlackPlace;
  /** The time stamp of the thread's root. */
  thread: string;
}

/** So often an upload is tried that nobody refuses, such as over a firewall to Slack's file host. */
const TRIES = 3;

/** Text files in threads. */
export class LogFiles {
  readonly #client: WebClient;
  readonly #finder: PostedFinder;
  readonly #log: Log;
  readonly #tries = new Map<string, number>();

  constructor(parts: { client: WebClient; finder: PostedFinder; log: Log }) {
    this.#client = parts.client;
    this.#finder = parts.finder;
    this.#log = parts.log;
  }

  /**
   * Puts the file into the thread, once. False: it never will be there.
   *
   * @param again whether an earlier try may have done it
   * @throws SlackCallError when it has to be tried again
   */
  async share(place: FilePlace, file: TextFile, again: boolean): Promise<boolean> {
    if (again && (await this.#isThere(place, file))) return true;
    const key = `${place.message.channel}:${place.message.ts}`;
    try {
      await this.#upload(place, file);
      this.#tries.delete(key);
      return true;
    } catch (error) {
      const why = this.#finalReason(key, error);
      if (why === null) throw error;
      this.#tries.delete(key);
      this.#log.error({ why, file: file.name }, 'a file can not be put on Slack; its end is posted instead');
      return false;
    }
  }

  async #upload({ message, thread }: FilePlace, { name, content }: TextFile): Promise<void> {
    const to = { channel_id: message.channel, thread_ts: thread };
    await called(this.#client.files.uploadV2({ ...to, filename: name, content }));
  }

  async #isThere({ message, thread }: FilePlace, { name }: TextFile): Promise<boolean> {
    const where = { channel: message.channel, thread };
    return (await this.#finder.file(where, { name, after: message.ts })).kind === 'found';
  }

  /** Why no further try helps; null when one may. */
  #finalReason(key: string, error: unknown): string | null {
    if (!(error instanceof SlackCallError)) return null;
    const { failure } = error;
    if (failure.kind === 'limited' || tokenRefusal('SLACK_BOT_TOKEN', failure) !== null) return null;
    if (failure.kind === 'refused')
      return failure.code === 'missing_scope' ? lacksScope(failure) : failure.code;
    const tries = (this.#tries.get(key) ?? 0) + 1;
    this.#tries.set(key, tries);
    return tries < TRIES ? null : failure.why;
  }
}

/** The last lines of a file as a message, as many as Slack takes. */
export function fileTail({ name, content }: TextFile): RenderedMessage {
  const lines = content
    .trimEnd()
    .split('\n')
    .map((line) => verbatim(line.slice(0, LINE)));
  const kept: string[] = [];
  let room = LIMITS.sectionText - FENCE.length * 2 - 2;
  for (const line of lines.reverse()) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.unshift(line);
  }
  const text = `The end of ${verbatim(name)}:`;
  const code = [FENCE, ...kept, FENCE].join('\n');
  return { text, blocks: [section(text), section(code)] };
}

const FENCE = '```';
/** Even when every character of it has to be escaped, one line has room. */
const LINE = 500;

/** As it is, for the inside of a code block: nothing in it mentions anybody or ends the block. */
function verbatim(line: string): string {
  const shown = line.replaceAll(FENCE, 'ˋˋˋ').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');
  return shown.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
