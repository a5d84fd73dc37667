import { rmSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { bundleImaging } from './bundle.ts';
import { buildDisk, changeOnePercent } from './disk-files.ts';
import { CappedLink } from './link.ts';
import { type BenchFiles, measureAll, type Sample } from './measure.ts';
import { type BenchOptions, type DiskKind, readOptions, type Work, worksOf } from './options.ts';
import { type Chapter, writePage } from './page.ts';
import { coders, peakBytes, type Result, resultsOf, resultTable } from './results.ts';
import { isInstalled, ORIGINAL, TOOLS, type Tool } from './tools.ts';
import { buildUsrDisk } from './usr-disk.ts';
import { makeWorkplace } from './workplace.ts';

// `npm run bench -- [--disk half,usr,random,blank] [--work backup,…] [--size 1GiB] [--rounds 3]
// [--tools a,b] [--link 117,1170] [--json FILE] [--page FILE]`: the original's pipelines, ours and
// others in turn, on disk files made here. Without options all of it, into docs/benchmarks.md.

const MIB = 1024 ** 2;
/** Behind a link it takes long: a full image each way is enough there. */
const WORKS_BEHIND_LINK: readonly Work[] = ['backup', 'restore', 'restore-1%-changed'];

process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));
try {
  await bench(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

interface Run {
  options: BenchOptions;
  folder: string;
  imaging: string;
  tools: readonly Tool[];
  samples: Sample[];
  chapters: Chapter[];
}

async function bench(options: BenchOptions): Promise<void> {
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
  const run = { options, folder, imaging: await bundleImaging(folder), tools, samples: [], chapters: [] };
  for (const kind of options.disks) await measureDisk(run, kind);
  const { samples, chapters }: Run = run;
  const results = chapters.flatMap((chapter) => chapter.results);
  const memory = peakBytes(samples);
  if (memory !== null) about.push(`Ours took ${(memory / 1e6).toFixed(0)} MB of memory at the most.`);
  about.push(...coders(samples));
  say(`\n${about.join('\n')}\nEvery image and every disk was compared byte for byte; ${load()}.`);
  if (jsonFile !== null) await writeFile(jsonFile, `${JSON.stringify(results, null, 2)}\n`);
  if (pageFile !== null) await writePage(pageFile, { about: pageAbout(run, about), sizeBytes, chapters });
}

async function measureDisk(run: Run, kind: DiskKind): Promise<void> {
  const { options, folder, imaging } = run;
  const { sizeBytes } = options;
  const files = {
    ...{ folder, imaging, images: folder, forget: () => undefined },
    disk: join(folder, 'sda.disk'),
    unrelated: join(folder, 'unrelated.disk'),
    changed: join(folder, 'changed.disk'),
  };
  const isExt4 = (await buildOne(kind, files.disk, run)) === 'ext4';
  await buildDisk(files.unrelated, { kind: 'full', sizeBytes, seed: 2 });
  await copyFile(files.disk, files.changed);
  await changeOnePercent(files.changed, sizeBytes);
  const works = worksOf(kind, options.works);
  await measureChapter(run, { title: kind, files, isExt4, works });
  if (kind !== options.disks[0]) return;
  for (const rate of options.links) {
    const obstacle = CappedLink.obstacle();
    if (obstacle !== null) {
      say(`the link of ${rate} MB/s is left out: ${obstacle}`);
      continue;
    }
    const link = await CappedLink.make(folder, rate, sizeBytes);
    try {
      await measureChapter(run, {
        title: `${kind}, link of ${rate} MB/s`,
        files: { ...files, images: link.folder, forget: () => link.forget() },
        isExt4,
        works: works.filter((work) => WORKS_BEHIND_LINK.includes(work)),
      });
    } finally {
      await link.remove();
    }
  }
}

async function buildOne(kind: DiskKind, path: string, run: Run): Promise<'ext4' | 'files' | 'made'> {
  const { sizeBytes } = run.options;
  if (kind === 'usr') return buildUsrDisk(path, { sizeBytes, folder: run.folder });
  await buildDisk(path, { kind, sizeBytes, seed: 1 });
  return 'made';
}

/** Every round has all tools: what else the machine does then meets them all. */
async function measureChapter(
  run: Run,
  about: { title: string; files: BenchFiles; isExt4: boolean; works: readonly Work[] },
): Promise<void> {
  const { title, files, isExt4, works } = about;
  const tools = run.tools.filter(({ understands }) => isExt4 || understands !== 'ext4');
  const samples: Sample[] = [];
  for (let round = 1; round <= run.options.rounds; round += 1) {
    for (const tool of tools) {
      for (const sample of await measureAll(files, tool, works)) {
        samples.push(sample);
        const { seconds, work } = sample;
        say(`${title}  round ${round}  ${tool.name.padEnd(20)}  ${work.padEnd(24)}  ${seconds.toFixed(2)} s`);
      }
    }
  }
  const results: Result[] = resultsOf(title, samples);
  say(`\n${title}\n${resultTable(results, run.options.sizeBytes)}\n`);
  run.samples.push(...samples);
  run.chapters.push({ title, results });
}

function chooseTools({ tools }: BenchOptions): Tool[] {
  const wanted = TOOLS.filter((tool) => tool === ORIGINAL || tools === null || tools.includes(tool.name));
  return wanted.filter(({ name, programs }) => {
    const missing = programs.filter((program) => !isInstalled(program));
    if (missing.length > 0) say(`${name} is left out: ${missing.join(', ')} not installed`);
    return missing.length === 0;
  });
}

function pageAbout({ options }: Run, machine: readonly string[]): string[] {
  const day = new Date().toISOString().slice(0, 10);
  return [
    `Measured on ${day}, disks of ${options.sizeBytes / MIB} MiB, medians of ${options.rounds} rounds.`,
    ...machine,
  ].map((line) => `- ${line}`);
}

function load(): string {
  return `load ${loadavg()[0]?.toFixed(1)}`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
