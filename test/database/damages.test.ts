import { describe, expect, it, onTestFinished } from 'vitest';
import { TestboxAddress } from '../../src/contract/address.ts';
import { createDamages } from '../../src/database/damages.ts';
import { openDatabase } from '../../src/database/open.ts';
import type { Damage } from '../../src/domain/damage.ts';
import { PLUTO } from '../fakes/plan.ts';

const VENUS = TestboxAddress.parse('10.40.41.43');

function sda(generation: number, problem = 'chunk 7 is damaged'): Damage {
  return { generation, slot: 'sda', imageHash: 'a'.repeat(64), problem };
}
const unreadable: Damage = { generation: 1, slot: null, imageHash: null, problem: 'its manifest is missing' };

async function open() {
  const db = await openDatabase(':memory:');
  onTestFinished(() => db.destroy());
  const damages = createDamages(db);
  const untold = async (address = PLUTO) => (await damages.untold()).get(address) ?? [];
  return { damages, untold };
}

describe('damage in the store', () => {
  it('is untold until it was told, and stays told while it is as it was', async () => {
    const { damages, untold } = await open();
    await damages.found(PLUTO, 1, [unreadable]);
    await damages.found(PLUTO, 3, [sda(3)]);
    expect(await untold()).toMatchObject([sda(3), unreadable]);

    await damages.told(PLUTO, await untold(), 5);
    await damages.found(PLUTO, 3, [sda(3)]);

    expect(await untold()).toEqual([]);
  });

  it.each<[string, Damage]>([
    ['another problem', sda(3, 'sda.raw.gz is cut off')],
    ['another image', { ...sda(3), imageHash: 'b'.repeat(64) }],
    ['another disk', { ...sda(3), slot: 'sdb' }],
  ])('is told again when it is %s', async (_what, other) => {
    const { damages, untold } = await open();
    await damages.found(PLUTO, 3, [sda(3)]);
    await damages.told(PLUTO, await untold(), 5);

    await damages.found(PLUTO, 3, [other]);

    expect(await untold()).toMatchObject([other]);
  });

  it('is told again when it was gone between', async () => {
    const { damages, untold } = await open();
    await damages.found(PLUTO, 3, [sda(3)]);
    await damages.told(PLUTO, await untold(), 5);

    await damages.found(PLUTO, 3, []);
    await damages.found(PLUTO, 3, [sda(3)]);

    expect(await untold()).toMatchObject([sda(3)]);
  });

  it('is not told by what was told of the one before', async () => {
    const { damages, untold } = await open();
    await damages.found(PLUTO, 3, [sda(3)]);
    const before = await untold();
    await damages.found(PLUTO, 3, [sda(3, 'sda.raw.gz is cut off')]);

    await damages.told(PLUTO, before, 5);

    expect(await untold()).toMatchObject([sda(3, 'sda.raw.gz is cut off')]);
  });

  it("is one box's, and goes with its generation", async () => {
    const { damages, untold } = await open();
    await damages.found(PLUTO, 2, [sda(2)]);
    await damages.found(PLUTO, 3, [sda(3)]);
    await damages.found(VENUS, 3, [sda(3)]);

    await damages.keepOnly(PLUTO, [2]);
    expect(await untold()).toMatchObject([sda(2)]);
    await damages.keepOnly(PLUTO, []);

    expect(await untold()).toEqual([]);
    expect(await untold(VENUS)).toMatchObject([sda(3)]);
  });
});
