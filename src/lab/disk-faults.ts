import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { fat16Layout } from './fat16-layout.ts';
import { noise } from './filler.ts';

const SCRIBBLE_BYTES = 3 * 1024 * 1024;

/** SHA-256 of the whole disk. */
export async function hashDisk(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file, { highWaterMark: 1024 * 1024 })) hash.update(part);
  return hash.digest('hex');
}

/** Overwrites a stretch in the middle of the disk's data, the same one each time. */
export async function scribbleOn(file: string): Promise<void> {
  const disk = await open(file, 'r+');
  try {
    const { size } = await disk.stat();
    const bytes = Buffer.alloc(Math.min(SCRIBBLE_BYTES, Math.floor(size / 16) * 4));
    noise(0x5c21bb1e, bytes);
    await disk.write(bytes, 0, bytes.length, Math.floor(size / 8));
  } finally {
    await disk.close();
  }
}

/** Wipes boot sector, file allocation tables and root directory: what `dd if=/dev/zero` does by mistake. */
export async function breakDisk(file: string): Promise<void> {
  const disk = await open(file, 'r+');
  try {
    const { size } = await disk.stat();
    const { dataOffset } = fat16Layout(size);
    await disk.write(Buffer.alloc(dataOffset), 0, dataOffset, 0);
  } finally {
    await disk.close();
  }
}

/** Puts an empty disk in the place of this one. Whoever has the old one open keeps that. */
export async function replaceWithEmpty(file: string, sizeBytes: number): Promise<void> {
  const fresh = `${file}.new`;
  const disk = await open(fresh, 'w', 0o600);
  try {
    await disk.truncate(sizeBytes);
  } finally {
    await disk.close();
  }
  await rename(fresh, file);
}
