import type { ProbeResult } from './probe-lines.ts';

/** What the bot has to know of an operating system to ask how it is and to reboot it. */
export interface System {
  /** As in "it does not answer as … does". */
  called: string;
  /** A command for the login shell of the bot's user; its answer is for `read`. */
  probe: string;
  /**
   * A command that starts a reboot which outlives the connection, and ends 0 before it: a
   * session that the reboot itself cuts would leave the outcome unknown.
   */
  reboot: string;
  /** Undefined for any answer that is not the probe's. */
  read(answer: string): ProbeResult | undefined;
}

/** Exit status of a reboot command in the maintenance system: it is the agent that reboots that. */
export const IN_MAINTENANCE_STATUS = 75;
/** Exit status of a reboot command for a user who may not reboot. */
export const NOT_ALLOWED_STATUS = 77;
