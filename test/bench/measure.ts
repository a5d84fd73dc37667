import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiskKind } from './options.ts';
import type { Tool } from './tools.ts';

const WORKS = ['backup', 'restore', 'restore-1%-changed'] as const;
export type Work = (typeof WORKS)[number];

/** The files of a run, in one folder. */
export interface BenchFiles {
  folder: string;
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
  /** Of the image. */
  imageBytes: number;
}

/** Which works a kind of disk is for. */
export function worksOf(kind: DiskKind): readonly Work[] {
  return kind === 'changed' ? ['restore-1%-changed'] : WORKS;
}

export function canDo(tool: Tool, work: Work): boolean {
  return work === 'backup' || tool.restore !== null;
}

export function imageOf(files: BenchFiles, tool: Tool): string {
  return join(files.folder, `${tool.name.replaceAll(/[^a-z]+/g, '-')}.image`);
}

/** Runs one work of one tool and proves its result. Gives the seconds. @throws when anything is wrong */
export async function measure(files: BenchFiles, tool: Tool, work: Work): Promise<number> {
  const image = imageOf(files, tool);
  if (work === 'backup') {
    await rm(image, { force: true });
    const variables = { disk: files.disk, image, imaging: files.imaging };
    const seconds = await timed(tool.backup, variables);
    await run(`${tool.unpack} | cmp - "$disk"`, variables);
    return seconds;
  }
  const target = join(files.folder, 'target.disk');
  await rm(target, { force: true });
  await copyFile(work === 'restore' ? files.unrelated : files.changed, target);
  const variables = { disk: target, image, imaging: files.imaging };
  const seconds = await timed(tool.restore ?? 'false', variables);
  await run('cmp "$image" "$disk"', { ...variables, image: files.disk });
  return seconds;
}

interface Variables {
  disk: string;
  image: string;
  imaging: string;
}

async function timed(script: string, variables: Variables): Promise<number> {
  const start = performance.now();
  await run(script, variables);
  return (performance.now() - start) / 1_000;
}

/** @throws when the script fails */
async function run(script: string, variables: Variables): Promise<void> {
  const child = spawn('/bin/sh', ['-c', script], {
    env: { ...process.env, node: process.execPath, ...variables },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status, signal]: unknown[] = await once(child, 'exit');
  if (status !== 0) throw new Error(`ended with ${String(signal ?? `status ${String(status)}`)}: ${script}`);
}
