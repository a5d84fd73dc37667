import { crc32 } from 'node:zlib';

const ENTRIES = 128;
const ENTRY_BYTES = 128;

/** Writes a protective MBR and a GPT with one partition onto a disk's bytes, as partitioning programs do. */
export function partition(disk: Buffer, sectorBytes: number): void {
  const sectors = disk.length / sectorBytes;
  const entriesSectors = (ENTRIES * ENTRY_BYTES) / sectorBytes;
  const first = 2 + entriesSectors;
  const lastUsable = sectors - 2 - entriesSectors;
  const entries = Buffer.alloc(ENTRIES * ENTRY_BYTES);
  // Linux file system data.
  Buffer.from('af3dc60f838472478e793d69d8477de4', 'hex').copy(entries, 0);
  Buffer.from('00112233445566778899aabbccddeeff', 'hex').copy(entries, 16);
  entries.writeBigUInt64LE(BigInt(first), 32);
  entries.writeBigUInt64LE(BigInt(lastUsable), 40);
  const header = (own: number, alternate: number, entriesAt: number) => {
    const bytes = Buffer.alloc(sectorBytes);
    bytes.write('EFI PART', 'latin1');
    bytes.writeUInt32LE(0x0001_0000, 8);
    bytes.writeUInt32LE(92, 12);
    for (const [at, value] of [
      [24, own],
      [32, alternate],
      [40, first],
      [48, lastUsable],
      [72, entriesAt],
    ] as const)
      bytes.writeBigUInt64LE(BigInt(value), at);
    Buffer.from('0f1e2d3c4b5a69788796a5b4c3d2e1f0', 'hex').copy(bytes, 56);
    bytes.writeUInt32LE(ENTRIES, 80);
    bytes.writeUInt32LE(ENTRY_BYTES, 84);
    bytes.writeUInt32LE(crc32(entries), 88);
    bytes.writeUInt32LE(crc32(bytes.subarray(0, 92)), 16);
    return bytes;
  };
  entries.copy(disk, 2 * sectorBytes);
  entries.copy(disk, (sectors - 1 - entriesSectors) * sectorBytes);
  header(1, sectors - 1, 2).copy(disk, sectorBytes);
  header(sectors - 1, 1, sectors - 1 - entriesSectors).copy(disk, (sectors - 1) * sectorBytes);
  disk.fill(0, 446, 512);
  disk[450] = 0xee;
  disk.writeUInt32LE(1, 454);
  disk.writeUInt32LE(Math.min(sectors - 1, 0xffff_ffff), 458);
  disk.writeUInt16LE(0xaa55, 510);
}
