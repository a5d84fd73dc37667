import { readFile } from 'node:fs/promises';
import type { AccessRules } from '../domain/access.ts';
import type { Channels, Testbox } from '../domain/testbox.ts';
import { type InventoryContent, NO_CHANNELS, readInventory } from './inventory.ts';

const LOOK_EVERY_MS = 2_000;

/** As the app's Clock. */
export interface Pauses {
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface InventoryEvents {
  /** A new content is in force. */
  changed(inventory: InventoryContent): void;
  /** The file changed and can't be used: the content before it stays in force. */
  invalid(problems: readonly string[]): void;
}

export type InventoryOpening = { ok: true; inventory: WatchedInventory } | { ok: false; problems: string[] };

/** Reads the inventory for the first time. Nothing is watched before `watch`. */
export async function openInventory(
  file: string,
  defaultChannels: Channels = NO_CHANNELS,
): Promise<InventoryOpening> {
  const text = await readText(file);
  if (text.problem !== undefined) return { ok: false, problems: [text.problem] };
  const reading = readInventory(text.content, defaultChannels);
  if (!reading.ok) return { ok: false, problems: reading.problems.map((problem) => `${file}: ${problem}`) };
  return {
    ok: true,
    inventory: new WatchedInventory({ file, text: text.content, content: reading, defaultChannels }),
  };
}

/** The app's `Inventory`: the file as it is at the moment, or as it was when it was last valid. */
export class WatchedInventory {
  readonly #file: string;
  readonly #defaultChannels: Channels;
  #seen: string;
  #content: InventoryContent;

  constructor(opened: { file: string; text: string; content: InventoryContent; defaultChannels: Channels }) {
    this.#file = opened.file;
    this.#defaultChannels = opened.defaultChannels;
    this.#seen = opened.text;
    this.#content = opened.content;
  }

  testboxes(): readonly Testbox[] {
    return this.#content.testboxes;
  }

  access(): AccessRules {
    return this.#content.access;
  }

  /** Looks at the file every two seconds until the signal aborts. */
  async watch(options: { clock: Pauses; events: InventoryEvents; signal: AbortSignal }): Promise<void> {
    const { clock, events, signal } = options;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal);
      if (!signal.aborted) await this.look(events);
    }
  }

  /**
   * Reads the file once. The content is compared, not its time: an editor can write twice
   * within one tick of a file system's clock.
   */
  async look(events: InventoryEvents): Promise<void> {
    const text = await readText(this.#file);
    const seen = text.problem ?? text.content;
    if (seen === this.#seen) return;
    this.#seen = seen;
    const reading =
      text.problem === undefined
        ? readInventory(text.content, this.#defaultChannels)
        : { ok: false as const, problems: [text.problem] };
    if (!reading.ok) {
      events.invalid(reading.problems);
      return;
    }
    this.#content = reading;
    events.changed(reading);
  }
}

type Text = { content: string; problem?: never } | { content?: never; problem: string };

async function readText(file: string): Promise<Text> {
  try {
    return { content: await readFile(file, 'utf8') };
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    return { problem: `expected the inventory in the file ${file}, but it can't be read (${why})` };
  }
}
