import { availableParallelism, loadavg } from 'node:os';
import { type LoadOptions, readOptions } from './slack-load/options.ts';
import { resultTable } from './slack-load/results.ts';
import { runLoad } from './slack-load/run.ts';

// `npm run bench:slack -- [--seconds 180] [--jobs 50] [--imaging 360] [--seed 1]`: many jobs in one
// channel of a Slack with its real limits, with the real bot in this process. Ends with 1 when a
// bound is broken. Before it measures, it takes a second a job to post their cards.

try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`slack-load: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function bench(options: LoadOptions): Promise<void> {
  say(
    `${options.jobs} jobs in one channel, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  );
  const { lines, broken } = resultTable(await runLoad(options, say));
  say(`\n${lines.join('\n')}`);
  if (broken.length === 0) return say('\nEvery bound was kept.');
  say(`\nBroken:\n${broken.map((line) => `  ${line}`).join('\n')}`);
  process.exitCode = 1;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
