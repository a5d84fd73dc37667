import { z } from 'zod';

/** `agent.json` on the read-only nfsroot: what the kernel command line can't change. */
export const AgentConfig = z.object({
  /** Base URL of the bot; null in a lab without one. */
  botUrl: z.url().nullable(),
  /** Act on boot configs without `testbox.job`, as the seed does. */
  allowJobless: z.boolean(),
});
export type AgentConfig = z.infer<typeof AgentConfig>;
