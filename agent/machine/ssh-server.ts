import { runProgram, saidBy } from './run-program.ts';

const START_MS = 60_000;

/**
 * Starts the SSH server, which the maintenance system lets wait until the agent has said hello.
 *
 * @throws when it doesn't start
 */
export async function startSshServer(path: string): Promise<void> {
  const started = await runProgram('systemctl', ['start', 'ssh.service'], { deadlineMs: START_MS, path });
  if (started.kind !== 'ended' || started.status !== 0) throw new Error(saidBy(started, 'systemctl'));
}
