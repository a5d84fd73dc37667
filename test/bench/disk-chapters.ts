import { copyFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { buildDisk, changeOnePercent } from './disk-files.ts';
import { CappedLink } from './link.ts';
import { type BenchFiles, measureAll, type Sample } from './measure.ts';
import { type DiskKind, type Work, worksOf } from './options.ts';
import { resultsOf, resultTable } from './results.ts';
import { type Run, say, sayChapter } from './run.ts';
import type { Tool } from './tools.ts';
import { buildUsrDisk } from './usr-disk.ts';

/** Behind a link, and on other disks than the first, these are enough: the whole run takes long. */
const FEWER_WORKS: readonly Work[] = ['backup', 'restore', 'restore-1%-changed'];
const REST_PART = 2;
const REST_FEWER_ROUNDS = 1;

/**
 * Measures one disk, and the first one behind links, too. Only the first is of the full size and
 * has all works and rounds; of the others, and behind links, half the size and fewer have to do.
 */
export async function measureDisk(run: Run, kind: DiskKind): Promise<void> {
  const { options } = run;
  const isFirst = kind === options.disks[0];
  const works = worksOf(kind, options.works);
  const fewer = works.filter((work) => FEWER_WORKS.includes(work));
  const halfBytes = Math.floor(options.sizeBytes / REST_PART);
  const tools = run.tools.filter(({ plain }) => isFirst || !plain);
  await withDisk(run, { kind, sizeBytes: isFirst ? options.sizeBytes : halfBytes }, async (disk) => {
    const about = isFirst ? { works, rounds: options.rounds } : { works: fewer, rounds: restRounds(options) };
    await measureChapter(run, { ...disk, ...about, title: kind, tools });
  });
  if (!isFirst || options.links.length === 0) return;
  await withDisk(run, { kind, sizeBytes: halfBytes }, async (disk) => {
    for (const rate of options.links) {
      const obstacle = CappedLink.obstacle();
      if (obstacle !== null) {
        say(`the link of ${rate} MB/s is left out: ${obstacle}`);
        continue;
      }
      const link = await CappedLink.make(run.folder, rate, halfBytes);
      try {
        await measureChapter(run, {
          ...disk,
          title: `${kind}, link of ${rate} MB/s`,
          files: { ...disk.files, images: link.folder, forget: () => link.forget() },
          works: fewer,
          rounds: restRounds(options),
          tools: tools.filter(({ plain }) => !plain),
        });
      } finally {
        await link.remove();
      }
    }
  });
}

/** Of all that is not about the first disk. */
export function restRounds({ rounds }: { rounds: number }): number {
  return Math.max(1, rounds - REST_FEWER_ROUNDS);
}

interface BuiltDisk {
  files: BenchFiles;
  sizeBytes: number;
  isExt4: boolean;
}

/** Builds a disk, and what is restored over, for the length of the work. */
export async function withDisk(
  run: Run,
  about: { kind: DiskKind; sizeBytes: number },
  work: (disk: BuiltDisk) => Promise<void>,
): Promise<void> {
  const { folder, imaging } = run;
  const { kind, sizeBytes } = about;
  const files = {
    ...{ folder, imaging, images: folder, forget: () => undefined },
    disk: join(folder, 'sda.disk'),
    unrelated: join(folder, 'unrelated.disk'),
    changed: join(folder, 'changed.disk'),
  };
  try {
    const isExt4 = kind === 'usr' && (await buildUsrDisk(files.disk, { sizeBytes, folder })) === 'ext4';
    if (kind !== 'usr') await buildDisk(files.disk, { kind, sizeBytes, seed: 1 });
    await buildDisk(files.unrelated, { kind: 'full', sizeBytes, seed: 2 });
    await copyFile(files.disk, files.changed);
    await changeOnePercent(files.changed, sizeBytes);
    await work({ files, sizeBytes, isExt4 });
  } finally {
    for (const path of [files.disk, files.unrelated, files.changed]) await rm(path, { force: true });
  }
}

/** Every round has all tools: what else the machine does then meets them all. */
async function measureChapter(
  run: Run,
  about: BuiltDisk & { title: string; works: readonly Work[]; rounds: number; tools: readonly Tool[] },
): Promise<void> {
  const { title, files, sizeBytes, isExt4, works, rounds } = about;
  const tools = about.tools.filter(({ understands }) => isExt4 || understands !== 'ext4');
  const samples: Sample[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const tool of tools) {
      for (const sample of await measureAll(files, tool, { works, unpacks: round === 1 })) {
        samples.push(sample);
        const { seconds, work } = sample;
        say(`${title}  round ${round}  ${tool.name.padEnd(20)}  ${work.padEnd(24)}  ${seconds.toFixed(2)} s`);
      }
    }
  }
  const chapter = { title, sizeBytes, results: resultsOf(title, samples) };
  sayChapter(chapter, resultTable(chapter.results, sizeBytes));
  run.samples.push(...samples);
  run.chapters.push(chapter);
}
