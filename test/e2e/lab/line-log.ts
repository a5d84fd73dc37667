import { EventEmitter, once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { PATIENCE } from './patience.ts';

/** Machines without KVM now and then take half a minute longer than they should. */
const STAGE_MS = 120_000;
const SHOWN_LINES = 25;

/** Terminals' own language: cursor movements, colours. */
const ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|[()][0-9A-Za-z]|[=>A-Za-z])/g;

/** What a program or a screen said, kept as lines, and in a file as evidence. */
export class LineLog extends EventEmitter<{ line: [string]; end: [] }> {
  readonly name: string;
  readonly lines: string[] = [];
  readonly #times: number[] = [];
  readonly #file: WriteStream;
  readonly #started = performance.now();
  #rest = '';
  #ended = false;

  constructor(name: string, file: string) {
    super();
    this.setMaxListeners(0);
    this.name = name;
    this.#file = createWriteStream(file, { flags: 'a' });
  }

  get length(): number {
    return this.lines.length;
  }

  /** Every line with when it came, in ms since the beginning. */
  timed(): { at: number; text: string }[] {
    return this.lines.map((text, index) => ({ at: this.#times[index] ?? 0, text }));
  }

  /** Takes what comes, in whatever pieces. */
  write(part: string): void {
    const pieces = `${this.#rest}${part}`.split(/\r*\n/);
    this.#rest = pieces.pop() ?? '';
    for (const piece of pieces) this.#add(piece);
  }

  /** A remark of the lab itself, between the lines. */
  note(text: string): void {
    this.#add(`--- ${text}`);
  }

  /**
   * The first line from that place on that fits, waiting for it if it isn't there yet.
   *
   * @throws when it doesn't come in time; the message has the last lines
   */
  async untilLine(
    wanted: RegExp,
    { from = 0, withinMs = STAGE_MS }: { from?: number; withinMs?: number } = {},
  ): Promise<string> {
    const patience = AbortSignal.timeout(withinMs * PATIENCE);
    let next = from;
    for (;;) {
      for (; next < this.lines.length; next += 1) {
        const line = this.lines[next];
        if (line !== undefined && wanted.test(line)) return line;
      }
      if (patience.aborted) throw new Error(this.#missed(wanted, `in ${(withinMs * PATIENCE) / 1_000} s`));
      if (this.#ended) throw new Error(this.#missed(wanted, 'before its end'));
      await Promise.race([
        once(this, 'line', { signal: patience }).catch(() => undefined),
        once(this, 'end', { signal: patience }).catch(() => undefined),
      ]);
    }
  }

  /** The last lines, for whoever has to find out why. */
  tail(count = SHOWN_LINES): string {
    return this.lines.slice(-count).join('\n');
  }

  /** Nothing comes any more. */
  async close(): Promise<void> {
    if (this.#rest !== '') this.#add(this.#rest);
    this.#rest = '';
    this.#ended = true;
    this.emit('end');
    await new Promise<void>((resolve) => this.#file.end(resolve));
  }

  #add(raw: string): void {
    const line = raw.replace(ESCAPES, '').replace(/[\u0000-\u0008\u000b-\u001f]/g, '');
    const at = performance.now() - this.#started;
    if (!this.#ended) this.#file.write(`${(at / 1_000).toFixed(2).padStart(8)}  ${line}\n`);
    this.lines.push(line);
    this.#times.push(at);
    this.emit('line', line);
  }

  #missed(wanted: RegExp, when: string): string {
    return `${this.name} did not say ${wanted} ${when}; its last lines:\n${this.tail()}`;
  }
}
