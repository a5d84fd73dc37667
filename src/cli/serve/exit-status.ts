/** How `testbox serve` ends. */
export const EXIT = {
  /** Asked to, by SIGTERM or SIGINT. */
  stopped: 0,
  /** Something that nobody foresaw; the log has it. */
  failed: 1,
  /** The environment or the inventory has to be put right. */
  configuration: 2,
  /** The chat refuses the tokens. */
  chatRefused: 3,
} as const;
