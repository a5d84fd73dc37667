import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type DescribedMachine, REBOOT_EXIT_STATUS } from '../contract/described-machine.ts';
import { startChild } from './child-process.ts';

/**
 * Runs the agent on a described machine until it asks for the reboot. A crashed agent is
 * started again, as its systemd unit would, within the same boot. Aborting is a power cut.
 */
export async function runMaintenance(run: {
  machine: DescribedMachine;
  agentScript: string;
  directory: string;
  restartDelayMs: number;
  onOutput: (line: string) => void;
  signal: AbortSignal;
}): Promise<'reboot' | 'power-cut'> {
  const { directory, signal, onOutput } = run;
  const description = join(directory, 'machine.json');
  await writeFile(description, JSON.stringify(run.machine, null, 2));
  while (!signal.aborted) {
    const agent = startChild({
      script: run.agentScript,
      args: ['--machine', description],
      cwd: directory,
      env: agentEnvironment(),
      onOutput,
    });
    const cut = () => agent.kill('SIGKILL');
    signal.addEventListener('abort', cut, { once: true });
    const status = await agent.ended;
    signal.removeEventListener('abort', cut);
    if (signal.aborted) return 'power-cut';
    if (status === REBOOT_EXIT_STATUS) return 'reboot';
    onOutput(`agent ended with ${status ?? 'a signal'}, starting it again`);
    await sleep(run.restartDelayMs, undefined, { signal }).catch(() => undefined);
  }
  return 'power-cut';
}

/** What a maintenance system's unit gives: nothing of the demo's or the bot's own settings. */
function agentEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG, NODE_COMPILE_CACHE } = process.env;
  return { PATH, HOME, TMPDIR, LANG, NODE_COMPILE_CACHE, UV_THREADPOOL_SIZE: '8' };
}
