import { readdir, readFile, stat } from 'node:fs/promises';
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Chromium } from './chromium.ts';
import { DISCORD_GALLERY } from './discord-gallery.ts';
import { GALLERY } from './gallery.ts';
import { withPalette } from './palette-png.ts';

const ROOT = new URL('../../', import.meta.url);
const IMAGES = new URL('docs/images/', ROOT);
const SIZE_LIMIT = 120 * 1024;

describe('the pictures', () => {
  it('are those of the gallery, and small', async () => {
    const files = (await readdir(IMAGES)).filter((file) => /^(?:slack|discord)-/.test(file));

    expect(files.toSorted()).toEqual(
      Object.keys({ ...GALLERY, ...DISCORD_GALLERY })
        .map((name) => `${name}.png`)
        .toSorted(),
    );
    for (const file of files) expect((await stat(new URL(file, IMAGES))).size, file).toBeLessThan(SIZE_LIMIT);
  });

  it('that the README and the documents show are there', async () => {
    const documents = (await readdir(new URL('docs/', ROOT), { recursive: true }))
      .filter((file) => file.endsWith('.md'))
      .map((file) => new URL(`docs/${file}`, ROOT));

    for (const document of [new URL('README.md', ROOT), ...documents]) {
      for (const shown of imagesOf(await readFile(document, 'utf8'))) {
        await expect(
          stat(new URL(shown, document)),
          `${shown} in ${document.pathname}`,
        ).resolves.toBeDefined();
      }
    }
  });

  it('show the blocks that are sent', () => {
    expect(GALLERY['slack-card-approval']).toContain('<span class="button primary">Approve</span>');
    expect(GALLERY['slack-card-running']).toContain('<code>sda     █████░░░░░░░</code> 42%');
    expect(GALLERY['slack-thread-failed']).toContain(
      '<span class="mention">@Alice Weber</span> restore pluto failed',
    );
    expect(GALLERY['slack-home']).toContain('<a>the card</a>');
  });

  it('show the payloads that Discord is sent', () => {
    expect(DISCORD_GALLERY['discord-card-approval']).toContain('<span class="button success">Approve</span>');
    expect(DISCORD_GALLERY['discord-card-running']).toContain('<code>sda     █████░░░░░░░</code> 42%');
    expect(DISCORD_GALLERY['discord-thread-failed']).toContain(
      '<span class="mention">@Alice Weber</span> restore pluto failed',
    );
    expect(DISCORD_GALLERY['discord-reason-modal']).toContain('<label>Reason (optional)</label>');
  });
});

describe('without Chromium', () => {
  it('says what to install', async () => {
    vi.stubEnv('PATH', '/nowhere');
    onTestFinished(() => void vi.unstubAllEnvs());

    await expect(Chromium.start('')).rejects.toThrow(
      /not found on the PATH. On Debian: apt install chromium/,
    );
  });
});

describe('the images of a text', () => {
  it('are found in both ways of showing them', () => {
    const text =
      'a ![card](docs/images/a.png "A") and <img src="docs/images/b.png"> and ![x](https://x.example/c.png)';

    expect(imagesOf(text)).toEqual(['docs/images/a.png', 'docs/images/b.png']);
  });
});

describe('a picture with a palette', () => {
  it('has the colours of the one it is made from', () => {
    const rows = [
      [0, 255, 0, 0, 0, 255, 0],
      // Predicted from the left, then from above.
      [1, 10, 20, 30, 5, 5, 5],
      [2, 1, 1, 1, 1, 1, 1],
    ];

    const { palette, indexes } = readPalette(withPalette(png({ width: 2, height: 3, rows })));

    expect(indexes.map((index) => palette[index])).toEqual([
      'ff0000',
      '00ff00',
      '0a141e',
      '0f1923',
      '0b151f',
      '101a24',
    ]);
  });
});

/** Local ones, Markdown's and HTML's. */
function imagesOf(text: string): string[] {
  const found = [...text.matchAll(/!\[[^\]]*\]\(([^)\s]+)[^)]*\)|<img[^>]*\ssrc="([^"]+)"/g)];
  return found.map(([, markdown, html]) => markdown ?? html ?? '').filter((path) => !path.includes('://'));
}

function png({
  width,
  height,
  rows,
}: {
  width: number;
  height: number;
  rows: readonly (readonly number[])[];
}): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(rows.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)]);
}

/** Of a picture that is two pixels wide. */
function readPalette(file: Buffer): { palette: string[]; indexes: number[] } {
  const colours = dataOf(file, 'PLTE').toString('hex').match(/.{6}/g) ?? [];
  const rows = inflateSync(dataOf(file, 'IDAT'));
  return { palette: [...colours], indexes: [...rows].filter((_, at) => at % 3 !== 0) };
}

function dataOf(file: Buffer, type: string): Buffer {
  const at = file.indexOf(type, 0, 'latin1');
  return file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4));
}
