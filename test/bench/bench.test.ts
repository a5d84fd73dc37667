import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildDisk, changeOnePercent } from './disk-files.ts';
import { GOAL_TOOLS, goalRows, goalsOf } from './goals.ts';
import { measureAll } from './measure.ts';
import { readOptions } from './options.ts';
import { figuresText, writePage } from './page.ts';
import { peakBytes, type Result, resultsOf } from './results.ts';
import { ORIGINAL, TOOLS } from './tools.ts';

const MIB = 1024 ** 2;
const sample = (seconds: number, tool = ORIGINAL) => ({
  work: 'backup' as const,
  tool,
  seconds,
  imageBytes: 10,
  told: null,
});

describe('the bench', () => {
  it('times the original and ours in turn and writes its results as JSON', () => {
    const jsonFile = join(mkdtempSync(join(tmpdir(), 'testbox-bench-test-')), 'results.json');
    const words = ['--disk', 'half', '--size', '8MiB', '--rounds', '1', '--tools', 'testbox gzip'];

    const run = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...words, '--json', jsonFile],
      {
        encoding: 'utf8',
      },
    );

    expect(run.stderr).toBe('');
    const results: { work: string; tool: string; bytes: number }[] = JSON.parse(
      readFileSync(jsonFile, 'utf8'),
    );
    const works = [
      ...['backup', 'restore', 'restore-onto-blank', 'restore-1%-changed'],
      'backup-again-1%-changed',
    ];
    const tools = ['dd | gzip', 'testbox gzip'];
    expect(results.map(({ work, tool }) => [work, tool])).toEqual(
      works.flatMap((work) => tools.map((tool) => [work, tool])),
    );
    expect(results.every(({ bytes }) => bytes > 0 && bytes < 8 * MIB)).toBe(true);
  });

  it('has agents work at once, all images in one directory, and leaves nothing behind', () => {
    const words = ['--disk', 'none', '--agents', '3', '--size', '16MiB', '--rounds', '1'];
    const jsonFile = join(mkdtempSync(join(tmpdir(), 'testbox-bench-test-')), 'results.json');

    const run = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), ...words, '--tools', 'testbox zstd', '--json', jsonFile],
      { encoding: 'utf8' },
    );

    expect(run.stderr).toBe('');
    const results: Result[] = JSON.parse(readFileSync(jsonFile, 'utf8'));
    expect(results.map(({ disk, work, tool }) => [disk, work, tool])).toEqual(
      ['backup', 'restore'].flatMap((work) =>
        ['dd | gzip', 'testbox zstd'].map((tool) => ['half, 3 at once', work, tool]),
      ),
    );
    expect(run.stdout).toContain('3 of ours at once, images in one directory');
  });

  it('fails when a tool makes another image, or another disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'testbox-bench-test-'));
    const [disk, unrelated] = [join(folder, 'sda.disk'), join(folder, 'unrelated.disk')];
    await buildDisk(disk, { kind: 'half', sizeBytes: MIB, seed: 1 });
    await buildDisk(unrelated, { kind: 'full', sizeBytes: MIB, seed: 2 });
    const places = { folder, images: folder, forget: () => undefined };
    const files = { ...places, disk, unrelated, changed: disk, imaging: '' };

    const part = { ...ORIGINAL, backup: 'head -c 1000 "$disk" | gzip -c >"$image"' };
    const nothing = { ...ORIGINAL, restore: 'true' };

    await expect(measureAll(files, part, { works: ['backup'], unpacks: true })).rejects.toThrow(
      'ended with status 1',
    );
    await expect(measureAll(files, nothing, { works: ['backup'], unpacks: true })).resolves.toHaveLength(1);
    await expect(measureAll(files, nothing, { works: ['restore'], unpacks: true })).rejects.toThrow('cmp');
  });

  it('gives medians, and how many times faster than the original they are', () => {
    const ours = { ...ORIGINAL, name: 'ours' };
    const samples = [sample(9), sample(1, ours), sample(10), sample(2, ours), sample(50), sample(2, ours)];

    expect(resultsOf('half', samples)).toEqual([
      { disk: 'half', work: 'backup', tool: 'dd | gzip', medianSeconds: 10, ratioToOriginal: 1, bytes: 10 },
      { disk: 'half', work: 'backup', tool: 'ours', medianSeconds: 2, ratioToOriginal: 5, bytes: 10 },
    ]);
  });

  it('replaces the figures of its page and leaves the rest', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'testbox-bench-test-')), 'page.md');
    const page = await readFile(join(import.meta.dirname, '../../docs/benchmarks.md'), 'utf8');
    await writeFile(path, page);
    const ours = { ...ORIGINAL, name: 'ours | theirs' };
    const results = resultsOf('half', [sample(9), sample(3, ours)]);
    const goals = [['backup: ours | theirs', 'at least 20', '3.0', 'no']];
    const chapters = [{ title: 'half', sizeBytes: MIB, results }];
    const figures = { about: ['- a fast machine'], goals, chapters };

    await writePage(path, figures);
    await writePage(path, figures);

    const written = await readFile(path, 'utf8');
    const [before = '', after = ''] = page.split(/<!-- figures: begin.*figures: end -->/s);
    expect(written.startsWith(before)).toBe(true);
    expect(written.endsWith(after)).toBe(true);
    expect(written).toContain(figuresText(figures));
    expect(figuresText(figures)).toContain('| backup: ours \\| theirs | at least 20 |     3.0 |  no |');
    expect(figuresText(figures)).toContain(
      '| backup | ours \\| theirs | 3.00 s |    0 MB/s |   3.00 x |  0 MB |',
    );
  });

  it('tells the most memory that ours took', () => {
    const told = (bytes: number) => ({ ...sample(1), told: { peakBytes: bytes, coder: '' } });

    expect(peakBytes([sample(1)])).toBeNull();
    expect(peakBytes([told(5), sample(1), told(9), told(7)])).toBe(9);
  });

  it('measures all when nothing narrower is asked for, and publishes only that', () => {
    expect(readOptions([])).toMatchObject({
      disks: ['half', 'usr', 'random', 'blank'],
      links: [117, 1170],
      agents: 8,
      memory: true,
      pageFile: expect.stringMatching(/docs\/benchmarks\.md$/),
    });
    expect(readOptions(['--disk', 'half'])).toMatchObject({ links: [], pageFile: null });
    expect(readOptions(['--link', '117']).links).toEqual([117]);
    expect(readOptions(['--disk', 'none', '--memory'])).toMatchObject({
      ...{ disks: [], links: [], agents: 0, memory: true, pageFile: null },
    });
  });

  it('measures only what the goals are judged by, when asked for them', () => {
    expect(readOptions(['--goals', '--rounds', '5'])).toMatchObject({
      ...{ disks: ['half'], works: ['backup', 'restore', 'restore-1%-changed'], rounds: 5 },
      tools: ['testbox gzip', 'testbox zstd', 'testbox gzip plain', 'dd | igzip', 'dd | zstd'],
      ...{ links: [], agents: 0, memory: true, pageFile: null },
    });
    expect(() => readOptions(['--goals', '--disk', 'usr'])).toThrow('--goals');
  });

  it.each([
    ['--link', '1 Gbit'],
    ['--work', 'boot'],
    ['--size', '64'],
    ['--disk', 'round'],
    ['--rounds', '0'],
    ['--tools', 'rar'],
    ['--agents', 'many'],
    ['--fast'],
  ])('refuses %j', (...words) => {
    expect(() => readOptions(words)).toThrow('--');
  });
});

describe('the goals', () => {
  const result = (tool: string, medianSeconds: number, bytes = 100): Result => ({
    ...{ disk: 'half', work: 'backup', tool, medianSeconds, ratioToOriginal: 0, bytes },
  });

  it('are judged by the half-empty disk, and told as asked and reached', () => {
    const memory = (threads: number, peakBytes: number) => ({ what: '', threads, peakBytes, seconds: 1 });
    const goals = goalsOf({
      results: [
        result('dd | gzip', 36),
        result('testbox gzip', 1.5, 104),
        result('dd | igzip', 3),
        { ...result('testbox gzip', 99), disk: 'usr' },
      ],
      gzip1Bytes: 100,
      memory: [memory(2, 390e6), memory(2, 401e6), memory(16, 1)],
    });

    const { rows, unmeasured } = goalRows(goals);
    expect(rows).toEqual([
      ['backup: testbox gzip, against dd | gzip', 'at least 20', '24.0', 'yes'],
      ['backup: testbox gzip, against dd | igzip', 'at least 1.5', '2.0', 'yes'],
      ['size of the image: testbox gzip, against gzip -1', 'at most 1.03', '1.040', 'no'],
      ['memory with 2 workers, MB', 'at most 400', '401', 'no'],
      ['memory with 16 workers, MB', 'at most 1000', '0.000', 'yes'],
    ]);
    expect(unmeasured).toContain('restore: testbox gzip, against dd | gzip; restore: testbox zstd');
  });

  it('are about tools that there are', () => {
    expect(TOOLS.map(({ name }) => name)).toEqual(expect.arrayContaining([...GOAL_TOOLS]));
  });
});

describe('changeOnePercent', () => {
  it('changes one byte in a hundred and no more', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'testbox-bench-test-')), 'disk');
    await buildDisk(path, { kind: 'half', sizeBytes: 4 * MIB, seed: 1 });
    const before = await readFile(path);

    await changeOnePercent(path, 4 * MIB);

    const after = await readFile(path);
    const changed = after.reduce((count, byte, at) => count + (byte === before[at] ? 0 : 1), 0);
    expect(changed).toBe(Math.ceil((4 * MIB) / 100));
  });
});
