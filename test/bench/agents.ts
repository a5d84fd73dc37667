import { copyFile, mkdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { restRounds } from './disk-chapters.ts';
import { buildDisk } from './disk-files.ts';
import { runScript, type Sample } from './measure.ts';
import type { Work } from './options.ts';
import { resultsOf, resultTable } from './results.ts';
import { type Run, say, sayChapter } from './run.ts';
import type { Tool } from './tools.ts';

const MIB = 1024 ** 2;
/** Large enough that starting so many programs is not most of it. */
const SIZE_PART = 4;

interface AgentsSample extends Sample {
  /** Until the first one had ended; its time is until the last one had. */
  firstSeconds: number;
}

/** Measures agents that work at once, and says for ours how evenly they came to their ends. */
export async function measureAgents(run: Run): Promise<string[]> {
  const { options, folder, imaging } = run;
  const agents = new Agents({ folder, imaging, ...options, count: options.agents });
  const samples: AgentsSample[] = [];
  await agents.build();
  try {
    for (let round = 1; round <= restRounds(options); round += 1) {
      for (const tool of run.tools.filter(({ plain, understands }) => !plain && understands !== 'ext4')) {
        for (const sample of await agents.measure(tool)) {
          samples.push(sample);
          const { work, firstSeconds, seconds } = sample;
          const ends = `${firstSeconds.toFixed(2)} to ${seconds.toFixed(2)} s`;
          say(
            `${options.agents} at once  round ${round}  ${tool.name.padEnd(20)}  ${work.padEnd(10)}  ${ends}`,
          );
        }
      }
    }
  } finally {
    await agents.remove();
  }
  const title = `half, ${options.agents} at once`;
  const sizeBytes = agents.diskBytes * options.agents;
  const chapter = { title, sizeBytes, results: resultsOf(title, samples) };
  sayChapter(chapter, resultTable(chapter.results, sizeBytes));
  run.chapters.push(chapter);
  const spreads = samples
    .filter(({ tool }) => tool.name.startsWith('testbox'))
    .map(({ firstSeconds, seconds }) => firstSeconds / seconds);
  if (spreads.length === 0) return [];
  const least = (Math.min(...spreads) * 100).toFixed(0);
  return [
    `${options.agents} of ours at once, images in one directory: the first ended after ${least} % of the last one's time or later.`,
  ];
}

/** Many boxes that image at once, each with its own disk, all images in one directory. */
class Agents {
  readonly diskBytes: number;
  readonly #folder: string;
  readonly #imaging: string;
  readonly #numbers: readonly number[];
  readonly #images: string;

  constructor(options: { folder: string; imaging: string; count: number; sizeBytes: number }) {
    this.#folder = options.folder;
    this.#imaging = options.imaging;
    this.#numbers = Array.from({ length: options.count }, (_none, number) => number + 1);
    this.diskBytes = Math.max(1, Math.floor(options.sizeBytes / SIZE_PART / MIB)) * MIB;
    this.#images = join(options.folder, 'agents');
  }

  async build(): Promise<void> {
    await mkdir(this.#images, { recursive: true });
    for (const number of this.#numbers) {
      await buildDisk(this.#disk(number), { kind: 'half', sizeBytes: this.diskBytes, seed: number });
    }
    await buildDisk(this.#unrelated, { kind: 'full', sizeBytes: this.diskBytes, seed: 0 });
  }

  async remove(): Promise<void> {
    for (const path of [...this.#numbers.map((number) => this.#disk(number)), this.#unrelated])
      await rm(path, { force: true });
    await rm(this.#images, { recursive: true, force: true });
  }

  /** Backs all up at once, then restores all at once; a sample's time is until the last one has ended. */
  async measure(tool: Tool): Promise<AgentsSample[]> {
    const backup = await this.#atOnce('backup', tool, tool.backup, (number) => this.#disk(number));
    for (const number of this.#numbers) await copyFile(this.#unrelated, this.#target(number));
    const restore = await this.#atOnce('restore', tool, tool.restore ?? 'false', (number) =>
      this.#target(number),
    );
    for (const number of this.#numbers) {
      await runScript('cmp "$disk" "$original"', {
        disk: this.#target(number),
        original: this.#disk(number),
      });
      for (const path of [this.#target(number), this.#image(number), `${this.#image(number)}.index`])
        await rm(path, { force: true });
    }
    return [backup, restore];
  }

  async #atOnce(work: Work, tool: Tool, script: string, diskOf: (number: number) => string) {
    const seconds = await Promise.all(
      this.#numbers.map(async (number) => {
        const variables = { disk: diskOf(number), image: this.#image(number), imaging: this.#imaging };
        const start = performance.now();
        await runScript(script, variables);
        return (performance.now() - start) / 1_000;
      }),
    );
    const sizes = await Promise.all(
      this.#numbers.map(async (number) => (await stat(this.#image(number))).size),
    );
    const imageBytes = sizes.reduce((sum, size) => sum + size, 0);
    return {
      ...{ work, tool, imageBytes, told: null },
      seconds: Math.max(...seconds),
      firstSeconds: Math.min(...seconds),
    };
  }

  #disk(number: number): string {
    return join(this.#folder, `agent-${number}.disk`);
  }

  #target(number: number): string {
    return join(this.#folder, `agent-${number}.target`);
  }

  #image(number: number): string {
    return join(this.#images, `agent-${number}.image`);
  }

  get #unrelated(): string {
    return join(this.#folder, 'agents-unrelated.disk');
  }
}
