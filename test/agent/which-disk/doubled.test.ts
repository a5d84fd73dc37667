import { afterEach, expect, it } from 'vitest';
import { BenchBox, MIB } from '../bench-box.ts';

let box: BenchBox;
afterEach(() => box.remove());

const SAME = {
  WWN: { wwn: 'naa.5000c500a1b2c3d4' },
  serial: { model: 'M', serial: 'S-1' },
} as const;

it.each(
  (['WWN', 'serial'] as const).flatMap((what) => [
    [what, 'at a first contact', true] as const,
    [what, 'of a planned disk', false] as const,
  ]),
)('one %s on two nodes is refused %s', async (what, _when, firstContact) => {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: 4 * MIB },
    { kernelName: 'sdb', sizeBytes: 4 * MIB },
  ]);
  const disks = box.description.disks.map((disk) => ({
    ...disk,
    identity: { ...disk.identity, ...SAME[what] },
  }));
  box.description = { ...box.description, disks };
  const planned = await box.plan('backup');

  const bot = await box.run(firstContact ? { ...planned, firstContact, disks: [] } : planned);

  expect(bot.ended).toMatchObject({ type: 'failed', class: 'box', code: 'disk-doubled' });
  expect(await box.currentManifest()).toBeNull();
});

it('serial numbers that firmware fills in do not count as doubled', async () => {
  box = await BenchBox.make([
    { kernelName: 'sda', sizeBytes: 4 * MIB, serial: 'To be filled by O.E.M.' },
    { kernelName: 'sdb', sizeBytes: 4 * MIB, serial: 'To be filled by O.E.M.' },
  ]);

  const bot = await box.run(await box.plan('backup', { firstContact: true, disks: [] }));

  expect(bot.ended?.type).toBe('done');
});
