import { readFile, rename, writeFile } from 'node:fs/promises';

/** Lets time pass for the bot alone: it adds what the file says, in ms, to the system's clock. */
export async function advanceLabClock(file: string, byMs: number): Promise<void> {
  const before = Number(await readFile(file, 'utf8').catch(() => '0'));
  const fresh = `${file}.new`;
  // The bot reads it all the time, and must never find half a number.
  await writeFile(fresh, String(before + byMs));
  await rename(fresh, file);
}
