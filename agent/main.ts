import { availableParallelism } from 'node:os';
import { extname } from 'node:path';
import { parseArgs } from 'node:util';
import { REBOOT_EXIT_STATUS } from '../src/contract/described-machine.ts';
import { systemClock } from './clock.ts';
import { describeError } from './failure.ts';
import { Logbook } from './logbook.ts';
import type { Machine } from './machine.ts';
import { maintain } from './maintain.ts';
import { DEFAULT_TIMING } from './timing.ts';
import { agentVersion } from './version.ts';

const KEEP_FREE_BYTES = 1024 ** 3;
const WRONG_USE_STATUS = 2;

/** The agent: `main.ts [--machine FILE]`, without it for the machine it runs on. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { machine: { type: 'string' } } });
  const logbook = new Logbook({ print: (line) => console.log(line), clock: systemClock });
  logbook.say(`Testbox agent ${agentVersion()}, Node ${process.versions.node}`);
  await maintain({
    ...(await findMachine(values.machine)),
    clock: systemClock,
    timing: DEFAULT_TIMING,
    logbook,
    agentVersion: agentVersion(),
    workers: { size: availableParallelism() + 1, spare: 1 },
    keepFreeBytes: KEEP_FREE_BYTES,
    ended: new AbortController().signal,
  });
}

async function findMachine(path: string | undefined): Promise<{ machine: Machine; workerEntry: URL }> {
  // `.cjs` in the bundle, `.js` in the published package, `.ts` in a clone.
  const extension = extname(import.meta.url);
  const place = extension === '.cjs' ? './worker.cjs' : `./imaging/worker${extension}`;
  const workerEntry = new URL(place, import.meta.url);
  if (path === undefined) {
    const { linuxMachine } = await import('./machine/linux.ts');
    return { machine: await linuxMachine(), workerEntry };
  }
  const { describedMachine, readDescribedMachine } = await import('./machine/described.ts');
  const { armPowerCut } = await import('./machine/power-cut/arm.ts');
  const description = await readDescribedMachine(path);
  const machine = describedMachine(description, () => process.exit(REBOOT_EXIT_STATUS));
  return { machine, workerEntry: armPowerCut(description) ?? workerEntry };
}

main().catch((error: unknown) => {
  console.error(`The agent can't go on: ${describeError(error)}`);
  process.exit(WRONG_USE_STATUS);
});
