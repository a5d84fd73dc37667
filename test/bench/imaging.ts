import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { withPool } from '../../agent/imaging/worker-pool.ts';

// The program that the bench times for us: `imaging.ts capture|deploy CODEC DISK IMAGE [PREVIOUS]`.
// It does what the agent's backup and restore do between opening and flushing, and writes what it
// took into the file that $told names. The agent's restore reads the image through before that only
// when the bot has not lately proved it on the server.

const KIBIBYTE = 1024;
/** As the agent's, unless told. */
const threads =
  process.env.threads === undefined
    ? { size: availableParallelism() + 1, spare: 1 }
    : { size: Number(process.env.threads) };

withPool({ entry: new URL('./worker.cjs', import.meta.url), ...threads }, async (pool) => {
  // The agent runs already when work comes; here threads start while the rest is loaded.
  pool.start();
  const { carryOut, readWork } = await import('./imaging-work.ts');
  return await carryOut(readWork(process.argv.slice(2)), pool);
})
  .then(tell)
  .catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });

async function tell(coder: string): Promise<void> {
  const peakBytes = process.resourceUsage().maxRSS * KIBIBYTE;
  if (process.env.told !== undefined) await writeFile(process.env.told, JSON.stringify({ peakBytes, coder }));
}
