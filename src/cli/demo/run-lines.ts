import { PlainLog } from '../../chat/console/plain-log.ts';
import { playScript } from '../../lab/script/play-script.ts';
import { scriptWorld } from './script-world.ts';
import type { Demo } from './start-demo.ts';

const SPEAKER = 'alice';

/**
 * Plays lines to their end and prints what happens, line by line.
 *
 * @param name of the script, for the failure
 * @returns whether every line went as it says
 */
export async function runLines(
  demo: Demo,
  script: { name: string; lines: Iterable<string> | AsyncIterable<string> },
  out: { print: (line: string) => void; complain: (line: string) => void },
): Promise<boolean> {
  const log = new PlainLog();
  demo.room.on('change', (change) => {
    for (const line of log.linesFor(change)) out.print(line);
  });
  for (const box of demo.boxes) {
    box.on('console', (line) => out.print(`  ${box.settings.name} console: ${line}`));
  }
  const outcome = await playScript(script.lines, scriptWorld(demo, out.print), SPEAKER);
  if (outcome.kind === 'passed') return true;
  out.complain(`${script.name}:${outcome.line}: ${outcome.text}\n  ${outcome.why}`);
  return false;
}
