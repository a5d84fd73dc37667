import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { REBOOT_EXIT_STATUS } from '../../../src/contract/described-machine.ts';

const AGENT = fileURLToPath(new URL('../../../agent/main.ts', import.meta.url));
const LONGEST_MS = 60_000;

export type AgentEnd = { kind: 'reboot' | 'power-cut' | 'stuck' | 'crashed'; output: string };

/**
 * The real agent on a described machine, until it ends.
 *
 * @param cache a folder that spares its next start most of the compiling
 */
export async function runAgent(machine: string, cache: string): Promise<AgentEnd> {
  const agent = spawn(process.execPath, [AGENT, '--machine', machine], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, UV_THREADPOOL_SIZE: '8', NODE_COMPILE_CACHE: cache },
  });
  let output = '';
  for (const stream of [agent.stdout, agent.stderr]) stream.on('data', (text: Buffer) => (output += text));
  let stuck = false;
  const timer = setTimeout(() => {
    stuck = true;
    agent.kill('SIGKILL');
  }, LONGEST_MS);
  const [status, signal] = await once(agent, 'exit');
  clearTimeout(timer);
  if (stuck) return { kind: 'stuck', output };
  if (signal === 'SIGKILL') return { kind: 'power-cut', output };
  return { kind: status === REBOOT_EXIT_STATUS ? 'reboot' : 'crashed', output };
}
