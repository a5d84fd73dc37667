/** What a script does to a box: whatever it says later on its screen is news. */
export type BoxStep =
  | { kind: 'break' | 'power-cut' | 'power-on' | 'ssh-down'; box: string }
  | { kind: 'scribble'; box: string; disk: string }
  | { kind: 'replace-disk' | 'add-disk'; box: string; disk: string; sizeBytes: number }
  | { kind: 'throttle'; box: string; bytesPerSecond: number | null }
  | { kind: 'boot-order'; box: string; order: BootOrder }
  | { kind: 'agent'; box: string; acts: AgentActs }
  | { kind: 'pxe'; box: string; action: string };

/** What a script does to the bot. */
export type BotStep =
  | { kind: 'kill-bot' | 'bot-down' | 'bot-up' }
  | { kind: 'max-running'; jobs: number }
  | { kind: 'clock'; byMs: number };

/** `none` is a box that stands in front of its firmware's screen. */
export const BOOT_ORDERS = ['network', 'disk', 'none'] as const;
export type BootOrder = (typeof BOOT_ORDERS)[number];

/** What the box's `agent.json` says: `jobless` acts on boot configs without a job, too. */
export const AGENT_ACTS = ['job', 'jobless'] as const;
type AgentActs = (typeof AGENT_ACTS)[number];

/** One line of a script. */
export type Step =
  | { kind: 'nothing' }
  | { kind: 'say'; text: string }
  | { kind: 'press'; button: string; box: string | null; input: string | null }
  | { kind: 'as'; person: string }
  | { kind: 'wait-state'; box: string; state: string; timeoutMs: number }
  | { kind: 'wait-percent'; box: string; percent: number }
  | { kind: 'expect' | 'expect-not'; text: string }
  | { kind: 'expect-screen' | 'expect-log'; box: string; text: string }
  | { kind: 'sha256'; box: string; disk: string; keepAs: string | null; same: SameAs | null }
  | { kind: 'bot-step'; step: BotStep }
  | { kind: 'box-step'; step: BoxStep; box: string };

/** A disk's content is compared with the one hashed before, or with the one that got this name. */
interface SameAs {
  name: string | null;
}

/** The line can't be read; the message says what was expected. */
export class StepSyntaxError extends Error {
  override name = 'StepSyntaxError';
}
