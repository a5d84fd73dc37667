import { rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { measureAgents } from './agents.ts';
import { bundleImaging } from './bundle.ts';
import { measureDisk, restRounds, withDisk } from './disk-chapters.ts';
import { GOAL_DISK, type Goal, goalRows, goalsOf } from './goals.ts';
import { gzip1Bytes } from './gzip-size.ts';
import { type MemorySample, measureMemory } from './memory.ts';
import { type BenchOptions, readOptions } from './options.ts';
import { writePage } from './page.ts';
import { coders, peakBytes } from './results.ts';
import { type Run, say } from './run.ts';
import { columns } from './table.ts';
import { isInstalled, ORIGINAL, TOOLS, type Tool } from './tools.ts';
import { makeWorkplace } from './workplace.ts';

// `npm run bench`: the original's pipelines, ours and others in turn, on disk files made here, into
// docs/benchmarks.md. `npm run bench -- --goals` only what the promised ratios are about. A part:
// [--disk half,usr,random,blank|none] [--work backup,…] [--tools a,b] [--link 117,1170] [--agents 8]
// [--memory]; for all: [--size 1GiB] [--rounds 3] [--json FILE] [--page FILE].

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
  const begun = performance.now();
  const { sizeBytes, jsonFile, pageFile } = options;
  const { folder, inMemory } = await makeWorkplace(sizeBytes);
  // Also when Ctrl-C ends the process: these are gigabytes of memory.
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const tools = chooseTools(options);
  const place = inMemory ? 'memory' : 'the temporary directory, on a disk';
  const about = [
    `${cpus()[0]?.model ?? 'a processor'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
  ];
  say(`${about.join()}; disks of ${sizeBytes / MIB} MiB, files in ${place}; ${load()}`);
  const run: Run = {
    options,
    folder,
    imaging: await bundleImaging(folder),
    tools,
    samples: [],
    chapters: [],
  };
  for (const kind of options.disks) await measureDisk(run, kind);
  if (options.agents > 0) about.push(...(await measureAgents(run)));
  const memory = options.memory ? await takeMemory(run) : [];
  const goals = await takeGoals(run, memory);

  about.push(...memoryLines(run, memory), ...coders(run.samples));
  const { rows, unmeasured } = goalRows(goals);
  if (rows.length > 0) say(`\n${columns(['goal', 'asked', 'reached', ''], rows)}`);
  if (unmeasured !== null && (options.goals || pageFile !== null)) say(unmeasured);
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  say(
    `\n${about.join('\n')}\nEverything that was restored was compared byte for byte; ${load()}; ${minutes} minutes.`,
  );
  const results = run.chapters.flatMap((chapter) => chapter.results);
  if (jsonFile !== null) await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  if (pageFile !== null)
    await writePage(pageFile, { about: pageAbout(run, about), goals: rows, chapters: run.chapters });
}

function chooseTools({ tools }: BenchOptions): Tool[] {
  const wanted = TOOLS.filter((tool) => tool === ORIGINAL || tools === null || tools.includes(tool.name));
  return wanted.filter(({ name, programs }) => {
    const missing = programs.filter((program) => !isInstalled(program));
    if (missing.length > 0) say(`${name} is left out: ${missing.join(', ')} not installed`);
    return missing.length === 0;
  });
}

async function takeMemory(run: Run): Promise<MemorySample[]> {
  const samples: MemorySample[] = [];
  await withDisk(run, { kind: 'half', sizeBytes: run.options.sizeBytes }, async ({ files }) => {
    const tell = ({ what, threads, peakBytes: peak, seconds }: MemorySample) =>
      say(
        `memory  ${what.padEnd(20)}  ${threads} workers  ${(peak / 1e6).toFixed(0)} MB  ${seconds.toFixed(2)} s`,
      );
    samples.push(...(await measureMemory(files, tell)));
  });
  return samples;
}

async function takeGoals(run: Run, memory: readonly MemorySample[]): Promise<Goal[]> {
  const results = run.chapters.find(({ title }) => title === GOAL_DISK)?.results ?? [];
  const bytes = results.some(({ work, tool }) => work === 'backup' && tool !== ORIGINAL.name)
    ? await gzip1Bytes(run)
    : null;
  return goalsOf({ results, gzip1Bytes: bytes, memory });
}

function memoryLines({ samples }: Run, memory: readonly MemorySample[]): string[] {
  const most = peakBytes(samples);
  const own = most === null ? [] : [`Ours took ${(most / 1e6).toFixed(0)} MB of memory at the most.`];
  const sentences = memory.map(
    ({ what, threads, peakBytes: peak }) => `${what} with ${threads} workers ${(peak / 1e6).toFixed(0)} MB`,
  );
  return sentences.length === 0 ? own : [...own, `Memory: ${sentences.join('; ')}.`];
}

function pageAbout({ options }: Run, machine: readonly string[]): string[] {
  const day = new Date().toISOString().slice(0, 10);
  return [
    `Measured on ${day}, medians of ${options.rounds} rounds of the first disk and ${restRounds(options)} of all else.`,
    ...machine,
  ].map((line) => `- ${line}`);
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}
