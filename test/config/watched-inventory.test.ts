import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openInventory, type WatchedInventory } from '../../src/config/watched-inventory.ts';

const ONE = 'testboxes: [{ name: pluto, ip: 10.40.41.42 }]';
const TWO = 'testboxes: [{ name: pluto, ip: 10.40.41.42 }, { name: venus, ip: 10.40.41.43 }]';

async function opened(): Promise<{
  file: string;
  inventory: WatchedInventory;
  events: string[];
  look(): Promise<void>;
}> {
  const file = join(mkdtempSync(join(tmpdir(), 'testbox-inventory-')), 'testboxes.yaml');
  writeFileSync(file, ONE);
  const opening = await openInventory(file);
  if (!opening.ok) throw new Error(opening.problems.join());
  const { inventory } = opening;
  const events: string[] = [];
  const look = () =>
    inventory.look({
      changed: ({ testboxes }) => events.push(`changed to ${testboxes.length}`),
      invalid: (problems) => events.push(`invalid: ${problems.join()}`),
    });
  return { file, inventory, events, look };
}

describe('WatchedInventory', () => {
  it('takes a changed file over, once', async () => {
    const { file, inventory, events, look } = await opened();

    writeFileSync(file, TWO);
    await look();
    await look();

    expect(inventory.testboxes().map(({ name }) => name)).toEqual(['pluto', 'venus']);
    expect(events).toEqual(['changed to 2']);
  });

  it('keeps the last valid content and reports an invalid one once', async () => {
    const { file, inventory, events, look } = await opened();

    writeFileSync(file, 'testboxes: [{ name: pluto }]');
    await look();
    await look();

    expect(inventory.testboxes()).toHaveLength(1);
    expect(events).toEqual([expect.stringMatching(/^invalid: testboxes\[0\]\.ip/)]);
  });

  it('keeps the last valid content while the file is away', async () => {
    const { file, inventory, events, look } = await opened();

    rmSync(file);
    await look();
    writeFileSync(file, ONE);
    await look();

    expect(inventory.testboxes()).toHaveLength(1);
    expect(events).toEqual([expect.stringContaining('ENOENT'), 'changed to 1']);
  });

  it('looks every two seconds until it is told to stop', async () => {
    const { inventory } = await opened();
    const stop = new AbortController();
    const sleeps: number[] = [];
    const clock = {
      sleep: async (ms: number) => {
        sleeps.push(ms);
        if (sleeps.length === 3) stop.abort();
      },
    };

    await inventory.watch({ clock, events: { changed() {}, invalid() {} }, signal: stop.signal });

    expect(sleeps).toEqual([2_000, 2_000, 2_000]);
  });

  it('does not open without a file or with an invalid one', async () => {
    const { file } = await opened();
    writeFileSync(file, 'nonsense: 1');

    expect(await openInventory(file)).toEqual({ ok: false, problems: [expect.stringContaining('nonsense')] });
    expect(await openInventory(`${file}.not`)).toEqual({
      ok: false,
      problems: [expect.stringContaining('ENOENT')],
    });
  });
});
