import { describe, expect, it } from 'vitest';
import type { Disk } from '../../src/contract/disk.ts';
import { isPlaceholder, matchDisk } from '../../src/contract/disk-match.ts';

function disk(kernelName: string, identity: Partial<Disk['identity']> = {}, sizeBytes = 1000): Disk {
  return {
    kernelName,
    sizeBytes,
    sectorSizeBytes: 512,
    unusable: null,
    identity: { wwn: null, model: null, serial: null, path: null, ...identity },
  };
}

const wanted = ({ identity, sizeBytes, kernelName }: Disk) => ({ identity, sizeBytes, kernelName });

describe('which disk is which', () => {
  it('goes by the WWN, whatever the kernel calls the disk today', () => {
    const sda = disk('sda', { wwn: 'naa.5001' });

    const match = matchDisk(wanted(sda), [
      disk('sda', { wwn: 'naa.5002' }),
      disk('sdb', { wwn: 'naa.5001' }),
    ]);

    expect(match).toMatchObject({ kind: 'certain', by: 'wwn', disk: { kernelName: 'sdb' } });
  });

  it('goes by model and serial without a WWN', () => {
    const sda = disk('sda', { model: 'M', serial: 'S1' });

    expect(
      matchDisk(wanted(sda), [
        disk('sdb', { model: 'M', serial: 'S1' }),
        disk('sda', { model: 'M', serial: 'S2' }),
      ]),
    ).toMatchObject({
      kind: 'certain',
      by: 'model and serial',
      disk: { kernelName: 'sdb' },
    });
  });

  it('refuses two nodes with one WWN', () => {
    const sda = disk('sda', { wwn: 'naa.5001' });

    expect(matchDisk(wanted(sda), [sda, disk('sdb', { wwn: 'naa.5001' })])).toMatchObject({
      kind: 'doubled',
    });
  });

  it('asks when another disk is in the place of a missing one', () => {
    const sda = disk('sda', { serial: 'OLD' });

    expect(matchDisk(wanted(sda), [disk('sda', { serial: 'NEW' })])).toMatchObject({ kind: 'doubtful' });
    expect(matchDisk(wanted(sda), [])).toEqual({ kind: 'missing' });
  });

  it('never trusts a kernel name while there is a choice', () => {
    const sda = disk('sda');

    expect(matchDisk(wanted(sda), [disk('sda'), disk('sdb')])).toMatchObject({ kind: 'doubtful' });
    expect(matchDisk(wanted(sda), [disk('vda')])).toMatchObject({ kind: 'certain', by: 'only disk' });
    expect(matchDisk(wanted(sda), [disk('vda', {}, 999)])).toMatchObject({ kind: 'doubtful' });
  });

  it('goes by path and size when there is no serial', () => {
    const sda = disk('sda', { path: 'pci-1' });

    expect(
      matchDisk(wanted(sda), [disk('sda', { path: 'pci-2' }), disk('sdb', { path: 'pci-1' })]),
    ).toMatchObject({
      kind: 'certain',
      by: 'path and size',
      disk: { kernelName: 'sdb' },
    });
  });

  it.each([
    '',
    '0',
    '00000000',
    'None',
    'Default string',
    'FFFFFFFF',
    '03000200-0400',
    'To Be Filled By O.E.M.',
    '0123456789',
  ])('takes %j for a placeholder or not, as it should', (value) => {
    expect(isPlaceholder(value)).toBe(value !== '03000200-0400');
  });
});
