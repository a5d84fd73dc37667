import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NfsrootLayout } from '../../../src/cli/nfsroot/layout.ts';
import { pruneBuilds } from '../../../src/cli/nfsroot/prune-builds.ts';

const HOUR_MS = 60 * 60_000;
const NOW = Date.parse('2026-11-23T12:00:00Z');

/** Builds by name, with their age in hours; null leaves them without a release. */
function layoutWith(ages: Record<string, number | null>, current: string): NfsrootLayout {
  const layout = new NfsrootLayout(mkdtempSync(join(tmpdir(), 'nfsroot-')));
  for (const [name, age] of Object.entries(ages)) {
    const { root } = layout.build(name);
    mkdirSync(join(root, 'etc/testbox'), { recursive: true });
    if (age === null) continue;
    const builtAt = new Date(NOW - age * HOUR_MS).toISOString();
    const release = {
      build: name,
      suite: 'trixie',
      kernel: '6',
      agentVersion: '1',
      nodeVersion: 'v24',
      builtAt,
    };
    writeFileSync(join(root, 'etc/testbox/release'), JSON.stringify(release));
  }
  symlinkSync(layout.linkTo(layout.build(current)), layout.currentLink);
  return layout;
}

it('keeps the current build, the one before, and those that boxes may still run from', async () => {
  const layout = layoutWith({ '000001': 90, '000002': 60, '000009': 23, '000010': 2, '000011': 1 }, '000011');

  const removed = await pruneBuilds(layout, NOW);

  // 000002 was replaced 23 hours ago.
  expect(removed.map(({ name }) => name)).toEqual(['000001']);
  expect(readdirSync(layout.builds)).toEqual(['000002', '000009', '000010', '000011']);
});

it('keeps the one before however long it was in use', async () => {
  const layout = layoutWith({ '000001': 900, '000002': 800 }, '000002');

  expect(await pruneBuilds(layout, NOW)).toEqual([]);
});

it('keeps what it knows no age of, what was never put in place, and what is no build', async () => {
  const layout = layoutWith(
    { '000001': 90, '000002': null, '000003': 60, '000004': 50, '000005': 49 },
    '000004',
  );
  mkdirSync(join(layout.builds, 'mine'));

  const removed = await pruneBuilds(layout, NOW);

  expect(removed.map(({ name }) => name)).toEqual(['000002']);
  expect(readdirSync(layout.builds)).toEqual(['000001', '000003', '000004', '000005', 'mine']);
});
