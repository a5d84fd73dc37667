import { afterAll, expect, it } from 'vitest';
import { type Walk, walk } from './power-cut/walk.ts';

const MIB = 1024 * 1024;
const walks: Walk[] = [];

afterAll(() => {
  const cuts = walks.reduce((sum, { cuts: some }) => sum + some, 0);
  const differences = walks.reduce((sum, { differences: some }) => sum + some.length, 0);
  console.log(`power-cut walk: ${cuts} cuts, ${differences} differences`);
});

it.each([
  ['backup', 12],
  ['backup-again', 12],
  ['restore', 8],
] as const)(
  'a %s that loses its power ends by itself with the right bytes, whenever that is',
  async (action, step) => {
    const found = await Promise.all([
      walk(action, { sizes: [10 * MIB], step }),
      walk(action, { sizes: [8 * MIB, 9 * MIB], step }),
    ]);
    walks.push(...found);

    expect(found.flatMap(({ differences }) => differences)).toEqual([]);
    expect(found.every(({ cuts }) => cuts > 0)).toBe(true);
  },
);
