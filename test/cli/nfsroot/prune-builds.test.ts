import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NfsrootLayout } from '../../../src/cli/nfsroot/layout.ts';
import { pruneBuilds } from '../../../src/cli/nfsroot/prune-builds.ts';

const NOW = Date.parse('2026-11-23T12:00:00Z');

/** Builds by name, with the hours since they were built and since they were replaced. */
function layoutWith(ages: Record<string, [number, number | null] | null>, current: string): NfsrootLayout {
  const layout = new NfsrootLayout(mkdtempSync(join(tmpdir(), 'nfsroot-')));
  for (const [name, age] of Object.entries(ages)) {
    const { root } = layout.build(name);
    mkdirSync(join(root, 'etc/testbox'), { recursive: true });
    if (age === null) continue;
    const [builtAt, replacedAt] = age.map((hours) => (hours === null ? null : hoursAgo(hours)));
    const what = { build: name, suite: 'trixie', kernel: '6', agentVersion: '1', nodeVersion: 'v24' };
    writeFileSync(join(root, 'etc/testbox/release'), JSON.stringify({ ...what, builtAt, replacedAt }));
  }
  symlinkSync(layout.linkTo(layout.build(current)), layout.currentLink);
  return layout;
}

function hoursAgo(hours: number): string {
  return new Date(NOW - hours * 60 * 60_000).toISOString();
}

it('keeps the current build, the one that it replaced, and those that boxes may still run from', async () => {
  const layout = layoutWith(
    { '000001': [90, 25], '000002': [60, 23], '000009': [50, 30], '000010': [23, null], '000011': [1, null] },
    '000011',
  );

  const removed = await pruneBuilds(layout, { before: layout.build('000009'), now: NOW });

  expect(removed.map(({ name }) => name)).toEqual(['000001']);
  expect(readdirSync(layout.builds)).toEqual(['000002', '000009', '000010', '000011']);
});

it('removes one that was never put in place a day after it was made', async () => {
  const layout = layoutWith({ '000001': [900, null], '000002': [800, null] }, '000002');

  const removed = await pruneBuilds(layout, { before: null, now: NOW });

  expect(removed.map(({ name }) => name)).toEqual(['000001']);
});

it('keeps what it knows no age of, and what is no build', async () => {
  const layout = layoutWith({ '000001': null, '000002': [2, null] }, '000002');
  mkdirSync(join(layout.builds, 'mine'));

  expect(await pruneBuilds(layout, { before: null, now: NOW })).toEqual([]);
  expect(readdirSync(layout.builds)).toEqual(['000001', '000002', 'mine']);
});
