import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Chromium } from './chromium.ts';
import { DISCORD_GALLERY } from './discord-gallery.ts';
import { GALLERY } from './gallery.ts';
import { withPalette } from './palette-png.ts';

const IMAGES = new URL('../../docs/images/', import.meta.url);

/** The pictures of one chat look as its client does. */
const CHATS = [
  { gallery: GALLERY, css: 'slack.css' },
  { gallery: DISCORD_GALLERY, css: 'discord.css' },
];

/** `npm run pictures`: draws what people see into `docs/images/`, or only the pictures that are named. */
async function main(names: readonly string[]): Promise<void> {
  const known = CHATS.flatMap(({ gallery }) => Object.keys(gallery));
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no picture ${unknown.join(', ')}; there are ${known.join(', ')}.`);
  await mkdir(IMAGES, { recursive: true });
  for (const { gallery, css } of CHATS) {
    const wanted = Object.entries(gallery).filter(([name]) => names.length === 0 || names.includes(name));
    if (wanted.length > 0) await drawAll(wanted, await readFile(new URL(css, import.meta.url), 'utf8'));
  }
}

async function drawAll(
  pictures: readonly (readonly [name: string, body: string])[],
  css: string,
): Promise<void> {
  const chromium = await Chromium.start(css);
  try {
    for (const [name, body] of pictures) {
      await writeFile(new URL(`${name}.png`, IMAGES), withPalette(await chromium.draw(body)));
      process.stdout.write(`docs/images/${name}.png\n`);
    }
  } finally {
    await chromium.stop();
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
