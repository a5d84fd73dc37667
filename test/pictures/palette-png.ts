import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
/** 8 bits a channel, RGB, as Chromium writes screenshots. */
const RGB = Buffer.from([8, 2, 0, 0, 0]);
const PALETTE = Buffer.from([8, 3, 0, 0, 0]);
const COLOURS = 256;

interface Pixels {
  width: number;
  height: number;
  /** 0xRRGGBB, row by row. */
  colours: Uint32Array;
}

/**
 * The picture with 256 of its colours, the others as the nearest of them: less than half the
 * size, and nothing to see of it.
 *
 * @throws when it is no PNG as Chromium writes them
 */
export function withPalette(png: Buffer): Buffer {
  const pixels = decode(png);
  const { palette, indexOf } = choosePalette(pixels.colours);
  const rows = Buffer.alloc(pixels.height * (pixels.width + 1));
  for (let y = 0; y < pixels.height; y += 1) {
    for (let x = 0; x < pixels.width; x += 1) {
      rows[y * (pixels.width + 1) + 1 + x] = indexOf.get(pixels.colours[y * pixels.width + x] ?? 0) ?? 0;
    }
  }
  const size = Buffer.alloc(8);
  size.writeUInt32BE(pixels.width, 0);
  size.writeUInt32BE(pixels.height, 4);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', Buffer.concat([size, PALETTE])),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => channels(colour)))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each colour that is added takes away the most of what is wrong with the picture so far. */
function choosePalette(colours: Uint32Array): { palette: number[]; indexOf: Map<number, number> } {
  const counts = new Map<number, number>();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const found = [...counts].map(([colour, count]) => ({ colour, count, index: 0, wrong: Number.MAX_VALUE }));
  const palette: number[] = [];
  while (palette.length < COLOURS) {
    const worst = found.reduce((one, other) =>
      other.wrong * other.count > one.wrong * one.count ? other : one,
    );
    if (worst.wrong === 0) break;
    for (const entry of found) {
      const wrong = distance(entry.colour, worst.colour);
      if (wrong < entry.wrong) Object.assign(entry, { wrong, index: palette.length });
    }
    palette.push(worst.colour);
  }
  return { palette, indexOf: new Map(found.map(({ colour, index }) => [colour, index])) };
}

function distance(one: number, other: number): number {
  const [r, g, b] = channels(one);
  const [otherR, otherG, otherB] = channels(other);
  return (r - otherR) ** 2 + (g - otherG) ** 2 + (b - otherB) ** 2;
}

function channels(colour: number): [number, number, number] {
  return [colour >> 16, (colour >> 8) & 0xff, colour & 0xff];
}

function decode(png: Buffer): Pixels {
  const parts = chunksOf(png);
  const header = parts.find(({ type }) => type === 'IHDR')?.data;
  if (header === undefined || !header.subarray(8).equals(RGB))
    throw new Error('expected a PNG of 8 bits RGB');
  const width = header.readUInt32BE(0);
  const height = header.readUInt32BE(4);
  const coded = inflateSync(
    Buffer.concat(parts.filter(({ type }) => type === 'IDAT').map(({ data }) => data)),
  );
  const bytes = unfilter(coded, { stride: width * 3, height });
  const colours = new Uint32Array(width * height).map((_, at) => bytes.readUIntBE(at * 3, 3));
  return { width, height, colours };
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  if (!png.subarray(0, 8).equals(SIGNATURE)) throw new Error('expected a PNG');
  const found: { type: string; data: Buffer }[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    found.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) });
    at += length + 12;
  }
  return found;
}

/** Takes back the prediction of each row from its neighbours (PNG, section 9). */
function unfilter(coded: Buffer, { stride, height }: { stride: number; height: number }): Buffer {
  const bytes = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = coded[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const at = y * stride + x;
      const left = x < 3 ? 0 : (bytes[at - 3] ?? 0);
      const up = y === 0 ? 0 : (bytes[at - stride] ?? 0);
      const upLeft = x < 3 || y === 0 ? 0 : (bytes[at - stride - 3] ?? 0);
      bytes[at] = (coded[y * (stride + 1) + 1 + x] ?? 0) + predicted(filter, { left, up, upLeft });
    }
  }
  return bytes;
}

function predicted(
  filter: number,
  { left, up, upLeft }: { left: number; up: number; upLeft: number },
): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4:
      return paeth({ left, up, upLeft });
    default:
      return 0;
  }
}

function paeth({ left, up, upLeft }: { left: number; up: number; upLeft: number }): number {
  const toLeft = Math.abs(up - upLeft);
  const toUp = Math.abs(left - upLeft);
  const toUpLeft = Math.abs(left + up - 2 * upLeft);
  if (toLeft <= toUp && toLeft <= toUpLeft) return left;
  return toUp <= toUpLeft ? up : upLeft;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}
