import { afterAll, expect, it } from 'vitest';
import { type Route, type Walk, walk } from './power-cut/walk.ts';

const MIB = 1024 * 1024;
const ONE_DISK = [10 * MIB];
const TWO_DISKS = [8 * MIB, 9 * MIB];
const walks: Walk[] = [];

afterAll(() => {
  const cuts = walks.reduce((sum, { cuts: some }) => sum + some, 0);
  const differences = walks.reduce((sum, { differences: some }) => sum + some.length, 0);
  console.log(`power-cut walk: ${cuts} cuts, ${differences} differences`);
});

/** Two at a time: most of a walk is the start of processes. */
const ROUTES: readonly (readonly [string, readonly Route[]])[] = [
  ['a backup', [ONE_DISK, TWO_DISKS].map((sizes) => ({ action: 'backup', by: 'job', step: 12, sizes }))],
  [
    'a backup-again',
    [ONE_DISK, TWO_DISKS].map((sizes) => ({ action: 'backup-again', by: 'job', step: 14, sizes })),
  ],
  ['a restore', [ONE_DISK, TWO_DISKS].map((sizes) => ({ action: 'restore', by: 'job', step: 8, sizes }))],
  [
    'a backup without a job',
    (['backup', 'backup-again'] as const).map((action) => ({
      action,
      by: 'boot config',
      step: 30,
      sizes: TWO_DISKS,
    })),
  ],
  [
    'a restore without a job',
    [ONE_DISK, TWO_DISKS].map((sizes) => ({ action: 'restore', by: 'boot config', step: 14, sizes })),
  ],
];

it.each(ROUTES)(
  '%s that loses its power ends by itself with the right bytes, whenever',
  async (_, routes) => {
    const found = await Promise.all(routes.map(walk));
    walks.push(...found);

    expect(found.flatMap(({ differences }) => differences)).toEqual([]);
    expect(found.every(({ cuts }) => cuts > 0)).toBe(true);
  },
);
