import { chmodSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TestboxAddress } from '../../src/contract/address.ts';
import { checkBoxDirectories } from '../../src/storage/box-directories.ts';
import { PLUTO, shareTree } from './share-tree.ts';

const VENUS = TestboxAddress.parse('10.40.41.43');
const NOBODY = 65_534;
/** For its group as well, which stays that of root. */
const ENTER = 0o011;

function withDirectory(backupRoot: string): string {
  const directory = join(backupRoot, PLUTO);
  mkdirSync(directory);
  writeFileSync(join(directory, 'testbox-backup'), '');
  return directory;
}

describe('checkBoxDirectories', () => {
  it('finds nothing wrong with one that has its marker and can be written to', async () => {
    const { backupRoot } = shareTree();
    withDirectory(backupRoot);

    expect(await checkBoxDirectories(backupRoot, [PLUTO])).toEqual([]);
  });

  it('finds those that are missing, unmarked, or something else', async () => {
    const { backupRoot } = shareTree();
    const directory = withDirectory(backupRoot);
    rmSync(join(directory, 'testbox-backup'));
    const unmarked = await checkBoxDirectories(backupRoot, [PLUTO, VENUS]);
    rmSync(directory, { recursive: true });
    writeFileSync(directory, '');

    const replaced = await checkBoxDirectories(backupRoot, [PLUTO]);

    expect(unmarked).toEqual([
      { address: PLUTO, kind: 'unmarked' },
      { address: VENUS, kind: 'missing' },
    ]);
    expect(replaced).toEqual([{ address: PLUTO, kind: 'no-directory' }]);
  });

  it('leaves nothing behind in it', async () => {
    const { backupRoot } = shareTree();
    const directory = withDirectory(backupRoot);

    await checkBoxDirectories(backupRoot, [PLUTO]);

    expect(readdirSync(directory)).toEqual(['testbox-backup']);
  });

  it('refuses a share that is not mounted', async () => {
    const { backupRoot } = shareTree();
    rmSync(join(backupRoot, 'testbox-backup'));

    await expect(checkBoxDirectories(backupRoot, [PLUTO])).rejects.toThrow('is the share mounted?');
  });

  it('finds one that the bot may not write to', async () => {
    const { backupRoot } = shareTree();
    const directory = withDirectory(backupRoot);
    chmodSync(directory, 0o555);

    const found = await asOrdinaryUser(dirname(backupRoot), () => checkBoxDirectories(backupRoot, [PLUTO]));

    expect(found).toEqual([{ address: PLUTO, kind: 'read-only' }]);
  });
});

/** Root may write everywhere: it is somebody else meanwhile, who is let in as far as the directory. */
async function asOrdinaryUser<T>(directory: string, act: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return act();
  for (let above = directory; above !== '/'; above = dirname(above)) {
    const { mode } = statSync(above);
    if ((mode & ENTER) !== ENTER) chmodSync(above, mode | ENTER);
  }
  process.seteuid?.(NOBODY);
  try {
    return await act();
  } finally {
    process.seteuid?.(0);
  }
}
