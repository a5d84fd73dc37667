import { expect, it } from 'vitest';
import { fitText } from '../../src/chat/notice/fit-text.ts';
import type { DiskFit } from '../../src/contract/report.ts';

const DISK = { sizeBytes: 1, writtenBytes: 1, skippedBytes: 0, indexHash: null, codedBytes: 1 };
const TAIL = { tailBytes: 2 * 1024 * 1024 };

it.each<[DiskFit, string]>([
  [
    { ...TAIL, wiped: ['ZFS label 2', 'ZFS label 3'], gpt: 'moved' },
    " sda is 2.0 MiB larger than its image: wiped: ZFS label 2, ZFS label 3; the backup GPT header is at the disk's end.",
  ],
  [
    { ...TAIL, wiped: [], gpt: 'none' },
    ' sda is 2.0 MiB larger than its image: nothing had to be wiped; the image has no GPT.',
  ],
  [
    { ...TAIL, wiped: [], gpt: 'damaged' },
    " sda is 2.0 MiB larger than its image: nothing had to be wiped; the image's GPT is damaged and was left as it is.",
  ],
])('the end of a job says what became of a larger disk: %j', (fit, text) => {
  expect(fitText([{ ...DISK, slot: 'sda', fit }])).toBe(text);
});

it('says nothing of disks that nothing was done about', () => {
  expect(fitText([{ ...DISK, slot: 'sda' }])).toBe('');
});
