import type { TestboxAddress } from '../../src/contract/address.ts';
import type { FoundGeneration, ImageCatalog } from '../../src/domain/images.ts';
import { PLUTO } from './plan.ts';
import { EMPTY_CATALOG } from './share.ts';

/** A generation with one disk of 8 MiB, taken at ten o'clock of that day of November. */
export function generation(
  number: number,
  problem: string | null = null,
  box: { name: string; address: TestboxAddress } = { name: 'pluto', address: PLUTO },
): FoundGeneration {
  return {
    generation: number,
    problem,
    manifest: {
      version: 1,
      generation: number,
      job: null,
      action: 'backup-again',
      testbox: box,
      createdAt: `2026-11-${String(number).padStart(2, '0')}T10:00:00.000Z`,
      shutdown: 'clean',
      hostKeys: [`ssh-ed25519 KEY${number}`],
      disks: [
        {
          slot: 'sda',
          file: 'sda.raw.gz',
          indexFile: 'sda.raw.gz.index',
          indexHash: String(number).repeat(64).slice(0, 64),
          codec: 'gzip',
          sizeBytes: 8_388_608,
          sectorSizeBytes: 512,
          codedBytes: 4_000_000,
          identity: { wwn: null, model: 'VIRTUAL', serial: `${box.name.toUpperCase()}-SDA`, path: null },
          kernelName: 'sda',
          origin: number,
        },
      ],
    },
  };
}

/** The last one is the current one. */
export function catalogOf(generations: readonly FoundGeneration[]): ImageCatalog {
  return { ...EMPTY_CATALOG, current: generations.at(-1)?.generation ?? null, generations };
}
