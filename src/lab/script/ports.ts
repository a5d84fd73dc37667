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
  knows(box: string): boolean;
  /** SHA-256 of the whole disk. */
  hash(box: string, disk: string): Promise<string>;
  scribble(box: string, disk: string): Promise<void>;
  /** Makes the box unbootable and lets it try. */
  break(box: string): Promise<void>;
  /** Null lifts the limit. */
  throttle(box: string, bytesPerSecond: number | null): Promise<void>;
  powerCut(box: string): Promise<void>;
  /** A box that is on is switched off and on. */
  powerOn(box: string): Promise<void>;
  replaceDisk(box: string, disk: string, sizeBytes: number): Promise<void>;
  sshDown(box: string): Promise<void>;
}

/** A job as the bot tells it. */
export interface ScriptJob {
  id: string;
  state: string;
  /** Every state entered so far. */
  history: readonly string[];
  progressPercent: number | null;
}

/** What a script knows of the bot. */
interface ScriptBot {
  /** The newest job asked for on the box; undefined without one, or while the bot is away. */
  newestJob(box: string): Promise<ScriptJob | undefined>;
  /** SIGKILL; resolves once it has been started again and answers. */
  kill(): Promise<void>;
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
