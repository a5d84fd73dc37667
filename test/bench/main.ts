import { rmSync } from 'node:fs';
import { copyFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { bundleImaging } from './bundle.ts';
import { buildDisk, changeOnePercent } from './disk-files.ts';
import { type BenchFiles, canDo, imageOf, measure, type Sample, worksOf } from './measure.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { resultsOf, resultTable } from './results.ts';
import { isInstalled, ORIGINAL, TOOLS, type Tool } from './tools.ts';
import { makeWorkplace } from './workplace.ts';

// `npm run bench -- [--disk half|full|blank|changed] [--size 1GiB] [--rounds 3] [--tools a,b]
// [--json FILE]`: the original's pipelines, ours and others in turn, on disk files made here.

const MIB = 1024 ** 2;

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function bench(options: BenchOptions): Promise<void> {
  const { disk, sizeBytes, jsonFile } = options;
  const { folder, inMemory } = await makeWorkplace(sizeBytes);
  // Also when Ctrl-C ends the process: these are gigabytes of memory.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tools = chooseTools(options);
  say(`${disk} disk of ${sizeBytes / MIB} MiB, ${availableParallelism()} cores, ${load()}`);
  say(`files in ${inMemory ? 'memory' : 'the temporary directory, on a disk'}: ${folder}`);
  const samples = await runRounds(options, { files: await makeFiles(options, folder), tools });
  const results = resultsOf(disk, samples, ORIGINAL);
  say(`\n${resultTable(results, sizeBytes)}`);
  say(`\nEvery image and every disk was compared byte for byte; ${load()}.`);
  if (jsonFile !== null) await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
}

async function makeFiles({ disk: kind, sizeBytes }: BenchOptions, folder: string): Promise<BenchFiles> {
  const files = {
    folder,
    imaging: await bundleImaging(folder),
    disk: join(folder, 'sda.disk'),
    unrelated: join(folder, 'unrelated.disk'),
    changed: join(folder, 'changed.disk'),
  };
  await buildDisk(files.disk, { kind, sizeBytes, seed: 1 });
  await buildDisk(files.unrelated, { kind: 'full', sizeBytes, seed: 2 });
  await copyFile(files.disk, files.changed);
  await changeOnePercent(files.changed, sizeBytes);
  return files;
}

/** Every round has all tools: what else the machine does then meets them all. */
async function runRounds(
  options: BenchOptions,
  { files, tools }: { files: BenchFiles; tools: readonly Tool[] },
): Promise<Sample[]> {
  const works = worksOf(options.disk);
  const samples: Sample[] = [];
  if (!works.includes('backup')) for (const tool of tools) await measure(files, tool, 'backup');
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const work of works) {
      for (const tool of tools.filter((candidate) => canDo(candidate, work))) {
        const seconds = await measure(files, tool, work);
        const { size: imageBytes } = await stat(imageOf(files, tool));
        samples.push({ work, tool, seconds, imageBytes });
        say(`round ${round}  ${work.padEnd(18)}  ${tool.name.padEnd(12)}  ${seconds.toFixed(2)} s`);
      }
    }
  }
  return samples;
}

function chooseTools({ tools }: BenchOptions): Tool[] {
  const wanted = TOOLS.filter((tool) => tool === ORIGINAL || tools === null || tools.includes(tool.name));
  return wanted.filter(({ name, programs }) => {
    const missing = programs.filter((program) => !isInstalled(program));
    if (missing.length > 0) say(`${name} is left out: ${missing.join(', ')} not installed`);
    return missing.length === 0;
  });
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
