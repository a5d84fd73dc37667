import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { countOf, newCells, type PowerCutSettings } from '../../../agent/machine/power-cut/cells.ts';
import { CountedChanges } from '../../../agent/machine/power-cut/changes.ts';
import { takeBack } from '../../../agent/machine/power-cut/take-back.ts';

let root: string;
let settings: PowerCutSettings;
let changes: CountedChanges;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'testbox-cut-'));
  const folder = join(root, 'log-of-changes');
  const share = join(root, 'share');
  mkdirSync(folder);
  mkdirSync(share);
  writeFileSync(join(folder, 'log'), '');
  const cut = { afterWrites: 1_000_000, loseUnflushed: true };
  settings = { cut, cells: newCells(), folder, places: [share] };
  changes = new CountedChanges(settings);
});
afterEach(() => rmSync(root, { recursive: true }));

const at = (name: string) => join(root, 'share', name);

function write(name: string, text: string, how: { position?: number; flush?: boolean } = {}): void {
  const fd = openSync(at(name), 'r+');
  changes.write(fd, Buffer.from(text), how.position ?? null);
  if (how.flush === true) changes.sync(fd);
  closeSync(fd);
}

function flushFolder(name = ''): void {
  const fd = openSync(at(name), 'r');
  changes.sync(fd);
  closeSync(fd);
}

describe('a power cut that loses what was not flushed', () => {
  it('gives back what was cut off a file', () => {
    writeFileSync(at('disk'), 'aaaaaaaa');
    const fd = openSync(at('disk'), 'r+');
    changes.truncate(fd, 3);
    closeSync(fd);
    const cutOff = readFileSync(at('disk'), 'utf8');

    takeBack(settings);

    expect([cutOff, readFileSync(at('disk'), 'utf8')]).toEqual(['aaa', 'aaaaaaaa']);
  });

  it('takes bytes back to the last flush of their file', () => {
    writeFileSync(at('disk'), 'aaaaaaaa');
    write('disk', 'BB', { position: 2, flush: true });
    write('disk', 'CCCC', { position: 1 });
    write('disk', 'more', { position: 8 });

    takeBack(settings);

    expect(readFileSync(at('disk'), 'utf8')).toBe('aaBBaaaa');
  });

  it('takes names back to the last flush of their folder', () => {
    changes.create(at('kept'), 0o644);
    flushFolder();
    changes.create(at('lost'), 0o644);
    changes.symlink('kept', at('link'));

    takeBack(settings);

    expect([existsSync(at('kept')), existsSync(at('lost')), existsSync(at('link'))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('brings back what a rename replaced, and what was removed', () => {
    writeFileSync(at('current'), 'old');
    writeFileSync(at('new'), 'new');
    writeFileSync(at('removed'), 'still here');
    changes.rename(at('new'), at('current'));
    changes.remove(at('removed'), { recursive: false, force: false });

    takeBack(settings);

    expect(readFileSync(at('current'), 'utf8')).toBe('old');
    expect(readFileSync(at('new'), 'utf8')).toBe('new');
    expect(readFileSync(at('removed'), 'utf8')).toBe('still here');
  });

  it('keeps a rename whose folder was flushed, and the bytes flushed under the old name', () => {
    changes.makeFolder(at('partial'), { recursive: false, mode: 0o755 });
    changes.create(at('partial/image'), 0o644);
    write('partial/image', 'whole', { flush: true });
    flushFolder('partial');
    changes.rename(at('partial'), at('000001'));
    flushFolder();

    takeBack(settings);

    expect(readFileSync(at('000001/image'), 'utf8')).toBe('whole');
  });

  it('brings back a folder that was removed with all in it', () => {
    mkdirSync(at('folder'));
    writeFileSync(at('folder/file'), 'text');
    changes.remove(at('folder'), { recursive: true, force: false });

    takeBack(settings);

    expect(readFileSync(at('folder/file'), 'utf8')).toBe('text');
  });
});

it('every change counts, flushes too', () => {
  changes.create(at('file'), 0o644);
  write('file', 'text', { flush: true });

  expect(countOf(settings)).toBe(3);
});
