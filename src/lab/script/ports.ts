import type { BoxStep } from './step.ts';

/** What a script does to people: say a line, press a button, read what they see. */
export interface ScriptPeople {
  knows(person: string): boolean;
  /** Resolves once the bot has handled the line. */
  say(person: string, line: string): Promise<void>;
  /**
   * Presses the newest button of that id that the person sees, on a message that speaks of
   * the box if one is named. Resolves once the bot has handled it.
   *
   * @throws ScriptStepError when there is no such button within a few seconds
   */
  press(person: string, button: { id: string; box: string | null; input: string | null }): Promise<void>;
  /** A point in the conversation, to be handed to `read`. */
  mark(): number;
  /** New and edited messages that the person has been shown since the mark, each as plain text. */
  read(person: string, since: number): readonly string[];
}

/** What a script does to machines. */
export interface ScriptMachines {
  /** All boxes there are. */
  names(): readonly string[];
  /**
   * Resolves when it is done: a box that was switched on is then up, or in front of the
   * screen that says why not.
   *
   * @throws ScriptStepError when it can't be done
   */
  act(step: BoxStep): Promise<void>;
  /** SHA-256 of the whole disk. */
  hash(box: string, disk: string): Promise<string>;
  /** All lines that the box has shown so far, those of its agent too. */
  screen(box: string): readonly string[];
  /** What the logs on the share say of the box: the global one and its own. */
  log(box: string): Promise<string>;
}

/** A job as the bot tells it. */
export interface ScriptJob {
  id: string;
  state: string;
  /** Every state entered so far. */
  history: readonly string[];
  progressPercent: number | null;
}

/** What a script knows of the bot, and does to it. */
interface ScriptBot {
  /** The newest job asked for on the box; undefined without one, or while the bot is away. */
  newestJob(box: string): Promise<ScriptJob | undefined>;
  /** SIGKILL; resolves once it has been started again and answers. */
  kill(): Promise<void>;
  /** Ends it in order; it stays away until `up`. */
  down(): Promise<void>;
  up(): Promise<void>;
  /** Starts it again with at most that many jobs at work. */
  limitRunning(jobs: number): Promise<void>;
  /** Time passes for the bot alone. */
  advanceClock(byMs: number): Promise<void>;
}

/** Time, so that tests own it. */
interface ScriptClock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

export interface ScriptWorld {
  people: ScriptPeople;
  machines: ScriptMachines;
  bot: ScriptBot;
  clock: ScriptClock;
  /** A line of the transcript. */
  print(line: string): void;
}

/** A step that didn't go as the script says; the message tells what was seen. */
export class ScriptStepError extends Error {
  override name = 'ScriptStepError';
}
