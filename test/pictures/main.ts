import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Chromium } from './chromium.ts';
import { GALLERY } from './gallery.ts';
import { withPalette } from './palette-png.ts';

const IMAGES = new URL('../../docs/images/', import.meta.url);

/** `npm run pictures`: draws what Slack shows into `docs/images/`, or only the pictures that are named. */
async function main(names: readonly string[]): Promise<void> {
  const unknown = names.filter((name) => GALLERY[name] === undefined);
  if (unknown.length > 0) {
    throw new Error(
      `There is no picture ${unknown.join(', ')}; there are ${Object.keys(GALLERY).join(', ')}.`,
    );
  }
  await mkdir(IMAGES, { recursive: true });
  const chromium = await Chromium.start(await readFile(new URL('slack.css', import.meta.url), 'utf8'));
  try {
    for (const [name, body] of Object.entries(GALLERY)) {
      if (names.length > 0 && !names.includes(name)) continue;
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
