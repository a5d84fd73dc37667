import {
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TestboxAddress } from '../../src/contract/address.ts';
import { StorageArea } from '../../src/storage/area.ts';
import { ShareCall } from '../../src/storage/share-protocol.ts';
import { PLUTO, shareTree } from './share-tree.ts';

const VENUS = TestboxAddress.parse('10.40.41.43');
const IMAGE = 'generations/000002/sda.raw.gz';
const COPY = `sources/${PLUTO}/${IMAGE}`;

const open: StorageArea[] = [];
afterEach(() => {
  for (const share of open.splice(0)) share.close();
});

function lab() {
  const roots = shareTree();
  const [pluto, venus] = [PLUTO, VENUS].map((address) => join(roots.backupRoot, address));
  if (pluto === undefined || venus === undefined) throw new Error('no boxes');
  mkdirSync(join(pluto, 'generations/000002'), { recursive: true });
  mkdirSync(venus);
  writeFileSync(join(pluto, IMAGE), 'the image of pluto', { mode: 0o444 });
  utimesSync(join(pluto, IMAGE), 1_700_000_000.123, 1_700_000_000.123);
  const share = new StorageArea(roots);
  open.push(share);
  return { ...roots, pluto, venus, share };
}

const HAND_OVER = { from: PLUTO, to: VENUS, files: [{ source: IMAGE, copy: COPY }] };

describe('handing an image over', () => {
  it("puts a copy into the box's own directory that is no second name of the image", async () => {
    const { pluto, venus, share } = lab();

    expect(await share.handOver(HAND_OVER)).toEqual({ kind: 'ready' });
    const copy = statSync(join(venus, COPY));
    expect(readFileSync(join(venus, COPY), 'utf8')).toBe('the image of pluto');
    expect(copy.mode & 0o777).toBe(0o444);
    expect(copy.ino).not.toBe(statSync(join(pluto, IMAGE)).ino);
    expect(Math.trunc(copy.mtimeMs)).toBe(Math.trunc(statSync(join(pluto, IMAGE)).mtimeMs));
  });

  it('leaves a copy that is there as it is, and repairs one that is not whole', async () => {
    const { venus, share } = lab();
    await share.handOver(HAND_OVER);
    const { ino } = statSync(join(venus, COPY));
    await share.handOver(HAND_OVER);
    expect(statSync(join(venus, COPY)).ino).toBe(ino);

    await share.takeBack(VENUS);
    mkdirSync(join(venus, COPY, '..'), { recursive: true });
    writeFileSync(join(venus, COPY), 'half');
    await share.handOver(HAND_OVER);
    expect(readFileSync(join(venus, COPY), 'utf8')).toBe('the image of pluto');
  });

  it('takes everything back, and the image stays', async () => {
    const { pluto, venus, share } = lab();
    await share.handOver(HAND_OVER);
    await share.takeBack(VENUS);
    await share.takeBack(VENUS);

    expect(lstatSync(join(venus, 'sources'), { throwIfNoEntry: false })).toBeUndefined();
    expect(readFileSync(join(pluto, IMAGE), 'utf8')).toBe('the image of pluto');
  });

  it('follows no link that a box has made out of its directory', async () => {
    const { backupRoot, pluto, venus, share } = lab();
    writeFileSync(join(backupRoot, 'secret'), 'of the server');
    symlinkSync('../../../secret', join(pluto, 'generations/000002/sdb.raw.gz'));
    const secret = { source: 'generations/000002/sdb.raw.gz', copy: `sources/${PLUTO}/sdb.raw.gz` };
    await expect(share.handOver({ ...HAND_OVER, files: [secret] })).rejects.toThrow('is no file');

    symlinkSync(pluto, join(venus, 'sources'));
    await expect(share.handOver(HAND_OVER)).rejects.toThrow('leads out of');
    expect(lstatSync(join(pluto, PLUTO), { throwIfNoEntry: false })).toBeUndefined();
    await share.takeBack(VENUS);
    expect(readFileSync(join(pluto, IMAGE), 'utf8')).toBe('the image of pluto');
  });

  it.each([`../${PLUTO}/${IMAGE}`, '/etc/shadow', 'generations/../../secret', '', 'a//b'])(
    'takes no name that leads elsewhere: %j',
    (source) => {
      const call = { op: 'hand-over', from: PLUTO, to: VENUS, files: [{ source, copy: COPY }] };

      expect(ShareCall.safeParse(call).success).toBe(false);
      expect(ShareCall.safeParse({ ...call, ...HAND_OVER }).success).toBe(true);
    },
  );
});
