import { TestboxAddress } from '../../src/contract/address.ts';
import type { PlanFacts } from '../../src/contract/plan.ts';

export const PLUTO = TestboxAddress.parse('10.40.41.42');
const IDENTITY = { wwn: null, model: 'VIRTUAL', serial: 'PLUTO-SDA', path: null };

/** A plan to restore pluto's only disk. */
export function restorePlan(changes: Partial<PlanFacts> = {}): PlanFacts {
  return {
    version: 1,
    action: 'restore',
    testbox: { name: 'pluto', address: PLUTO, mac: '52:54:00:00:00:42', uuid: null },
    firstContact: false,
    disks: [
      {
        slot: 'sda',
        disk: { identity: IDENTITY, kernelName: 'sda', sizeBytes: 8_388_608, sectorSizeBytes: 512 },
        image: {
          kind: 'indexed',
          generation: 1,
          file: 'generations/000001/sda.raw.gz',
          indexHash: 'a'.repeat(64),
          codec: 'gzip',
          sizeBytes: 8_388_608,
          sectorSizeBytes: 512,
          codedBytes: 4_000_000,
        },
      },
    ],
    onlySlots: null,
    currentGeneration: 1,
    bootConfig: 'PATH bios\n',
    rebootMethod: 'ssh root@10.40.41.42:22',
    ...changes,
  };
}
