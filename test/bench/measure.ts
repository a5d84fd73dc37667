import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Codec } from '../../src/contract/plan.ts';
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

/**
 * Runs the works with one tool, one after the other, and proves each result. Leaves no image.
 *
 * @param how.unpacks images are unpacked and compared, which takes longer than making them
 * @throws when anything is wrong
 */
export async function measureAll(
  files: BenchFiles,
  tool: Tool,
  how: { works: readonly Work[]; unpacks: boolean },
): Promise<Sample[]> {
  const { works, unpacks } = how;
  const paths = { image: join(files.images, 'first.image'), again: join(files.images, 'again.image') };
  const samples: Sample[] = [];
  try {
    const backup = await measureBackup(files, tool, { work: 'backup', image: paths.image, unpacks });
    if (works.includes('backup')) samples.push(backup);
    for (const work of works) {
      if (work === 'backup' || (work !== 'backup-again-1%-changed' && tool.restore === null)) continue;
      samples.push(
        work === 'backup-again-1%-changed'
          ? await measureBackup(files, tool, { work, image: paths.again, previous: paths.image, unpacks })
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
  about: { work: Work; image: string; previous?: string; unpacks: boolean },
): Promise<Sample> {
  const { work, unpacks, ...images } = about;
  const disk = about.previous === undefined ? files.disk : files.changed;
  const script = about.previous === undefined ? tool.backup : (tool.backupAgain ?? tool.backup);
  const variables = { ...variablesOf(files), ...images, disk };
  files.forget();
  const seconds = await timed(script, variables);
  if (unpacks && tool.unpack !== null) await runScript(`${tool.unpack} | cmp - "$disk"`, variables);
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
  // When a new file is first read, its pages move between the kernel's lists; a disk has no such thing.
  await runScript('cat "$disk" >/dev/null', variables);
  files.forget();
  const seconds = await timed(tool.restore ?? 'false', variables);
  const proof = tool.understands === 'ext4' ? 'e2fsck -fn "$disk"' : 'cmp "$disk" "$original"';
  await runScript(`${proof} >&2`, { ...variables, original: files.disk });
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

/** Our imaging program alone, with a certain number of threads. @throws when it fails */
export async function runOurs(
  files: BenchFiles,
  about: { work: 'capture' | 'deploy'; codec: Codec; threads: number; disk: string; image: string },
): Promise<{ seconds: number; peakBytes: number }> {
  const { work, codec, threads, disk, image } = about;
  const variables = { ...variablesOf(files), disk, image, threads: String(threads) };
  const seconds = await timed(`"$node" "$imaging" ${work} ${codec} "$disk" "$image"`, variables);
  const { told } = await sizes(image, variables.told);
  if (told === null) throw new Error('our program did not tell what it took');
  return { seconds, peakBytes: told.peakBytes };
}

async function timed(script: string, variables: Readonly<Record<string, string>>): Promise<number> {
  const start = performance.now();
  await runScript(script, variables);
  return (performance.now() - start) / 1_000;
}

/** Gives what it printed. @throws when the script fails, with what it said */
export async function runScript(
  script: string,
  variables: Readonly<Record<string, string>>,
): Promise<string> {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { ...process.env, node: process.execPath, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { out: '', error: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.out += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.error += text;
  });
  const [status, signal]: unknown[] = await once(child, 'close');
  if (status === 0) return said.out;
  const end = String(signal ?? `status ${String(status)}`);
  throw new Error(`ended with ${end}: ${script}\n${said.error.slice(-2_000)}`.trim());
}
