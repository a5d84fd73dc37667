import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Work } from './options.ts';
import type { Tool } from './tools.ts';

/** The files of a run, in one folder. */
export interface BenchFiles {
  folder: string;
  /** Where images are kept. */
  images: string;
  /** Has it that images are read from where they are kept, not from memory. */
  forget: () => void;
  /** Our imaging program. */
  imaging: string;
  disk: string;
  /** Full of other data. */
  unrelated: string;
  /** As `disk`, but for one percent. */
  changed: string;
}

export interface Sample {
  work: Work;
  tool: Tool;
  seconds: number;
  imageBytes: number;
  /** What only ours tells of itself. */
  told: Told | null;
}

/** What our imaging program says at its end. */
const Told = z.object({ peakBytes: z.number(), coder: z.string() });
type Told = z.infer<typeof Told>;

interface Variables {
  disk: string;
  image: string;
  previous?: string;
  imaging: string;
  told: string;
}

/**
 * Runs the works with one tool, one after the other, and proves each result. Leaves no image.
 *
 * @throws when anything is wrong
 */
export async function measureAll(files: BenchFiles, tool: Tool, works: readonly Work[]): Promise<Sample[]> {
  const paths = { image: join(files.images, 'first.image'), again: join(files.images, 'again.image') };
  const samples: Sample[] = [];
  try {
    const backup = await measureBackup(files, tool, { work: 'backup', image: paths.image });
    if (works.includes('backup')) samples.push(backup);
    for (const work of works) {
      if (work === 'backup' || (work !== 'backup-again-1%-changed' && tool.restore === null)) continue;
      samples.push(
        work === 'backup-again-1%-changed'
          ? await measureBackup(files, tool, { work, image: paths.again, previous: paths.image })
          : await measureRestore(files, tool, { work, image: paths.image }),
      );
    }
  } finally {
    for (const path of Object.values(paths)) {
      for (const suffix of ['', '.index']) await rm(`${path}${suffix}`, { force: true });
    }
  }
  return samples;
}

async function measureBackup(
  files: BenchFiles,
  tool: Tool,
  about: { work: Work; image: string; previous?: string },
): Promise<Sample> {
  const { work, ...images } = about;
  const disk = about.previous === undefined ? files.disk : files.changed;
  const script = about.previous === undefined ? tool.backup : (tool.backupAgain ?? tool.backup);
  const variables = { ...variablesOf(files), ...images, disk };
  files.forget();
  const seconds = await timed(script, variables);
  if (tool.unpack !== null) await run(`${tool.unpack} | cmp - "$disk"`, variables);
  return { work, tool, seconds, ...(await sizes(about.image, variables.told)) };
}

async function measureRestore(
  files: BenchFiles,
  tool: Tool,
  about: { work: Work; image: string },
): Promise<Sample> {
  const target = join(files.folder, 'target.disk');
  await rm(target, { force: true });
  if (about.work === 'restore-onto-blank') {
    await writeFile(target, '');
    await truncate(target, (await stat(files.disk)).size);
  } else await copyFile(about.work === 'restore' ? files.unrelated : files.changed, target);
  const variables = { ...variablesOf(files), disk: target, image: about.image };
  files.forget();
  const seconds = await timed(tool.restore ?? 'false', variables);
  const proof = tool.understands === 'ext4' ? 'e2fsck -fn "$disk"' : 'cmp "$disk" "$original"';
  await run(`${proof} >&2`, variables, { original: files.disk });
  const { imageBytes, told } = await sizes(about.image, variables.told);
  await rm(target, { force: true });
  return { work: about.work, tool, seconds, imageBytes, told };
}

function variablesOf({ folder, imaging }: BenchFiles): { imaging: string; told: string } {
  return { imaging, told: join(folder, 'told.json') };
}

async function sizes(image: string, toldFile: string): Promise<{ imageBytes: number; told: Told | null }> {
  const { size } = await stat(image);
  const told = await readFile(toldFile, 'utf8').catch(() => null);
  await rm(toldFile, { force: true });
  return { imageBytes: size, told: told === null ? null : Told.parse(JSON.parse(told)) };
}

async function timed(script: string, variables: Variables): Promise<number> {
  const start = performance.now();
  await run(script, variables);
  return (performance.now() - start) / 1_000;
}

/** @throws when the script fails, with what it said */
async function run(
  script: string,
  variables: Variables,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { ...process.env, node: process.execPath, ...variables, ...more },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [status, signal]: unknown[] = await once(child, 'close');
  if (status === 0) return;
  const end = String(signal ?? `status ${String(status)}`);
  throw new Error(`ended with ${end}: ${script}\n${said.slice(-2_000)}`.trim());
}
