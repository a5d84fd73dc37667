import { startChild } from '../../lab/child-process.ts';
import { ScriptStepError } from '../../lab/script/ports.ts';
import { BOT_SCRIPT } from './paths.ts';
import type { DemoLab } from './start-lab.ts';

/** Runs `testbox pxe` on the lab's share. @throws ScriptStepError when it refuses */
export async function runPxe(
  { lab, print }: { lab: Pick<DemoLab, 'directory' | 'environment'>; print: (line: string) => void },
  words: readonly string[],
): Promise<void> {
  const said: string[] = [];
  const program = startChild({
    script: BOT_SCRIPT,
    args: ['pxe', ...words],
    cwd: lab.directory,
    env: lab.environment,
    onOutput: (line) => said.push(line),
  });
  const status = await program.ended;
  if (status !== 0) throw new ScriptStepError(`testbox pxe ended with ${status}: ${said.join(' / ')}`);
  for (const line of said) print(`  ${line}`);
}
