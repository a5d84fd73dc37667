import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalLine } from '../../src/contract/journal.ts';
import type { Report } from '../../src/contract/report.ts';
import { provedLines, readJournalText } from '../../src/storage/journal.ts';
import { appendGlobalLog } from '../../src/storage/maintenance-log.ts';
import { JOB, PLUTO, shareTree } from './share-tree.ts';

const tokenOf = (session: string) => `token of ${session}`;
const report = (sequence: number): Report => ({
  sequence,
  at: 0,
  body: { type: 'phase', phase: 'imaging' },
});

describe('readJournalText', () => {
  it('gives nothing without a journal', async () => {
    const { backupRoot } = shareTree();

    expect(await readJournalText({ backupRoot, address: PLUTO, job: JOB, attempt: 1 })).toBe('');
  });

  it('reads the journal of the attempt', async () => {
    const { backupRoot } = shareTree();
    mkdirSync(join(backupRoot, PLUTO, 'jobs'), { recursive: true });
    writeFileSync(join(backupRoot, PLUTO, 'jobs', `${JOB}.2.jsonl`), 'x\n');

    expect(await readJournalText({ backupRoot, address: PLUTO, job: JOB, attempt: 2 })).toBe('x\n');
  });
});

describe('provedLines', () => {
  it('leaves out what is torn, forged or moved to another session', () => {
    const good = journalLine('one', report(1), tokenOf('one'));
    const forged = journalLine('one', report(2), 'guessed');
    const moved = journalLine('one', report(3), tokenOf('one')).replace('"one"', '"two"');
    const last = journalLine('two', report(1), tokenOf('two'));
    const torn = journalLine('two', report(2), tokenOf('two')).slice(0, 60);

    const lines = provedLines(good + forged + moved + last + torn, tokenOf);

    expect(lines.map(({ session, report }) => [session, report.sequence])).toEqual([
      ['one', 1],
      ['two', 1],
    ]);
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => provedLines(text, tokenOf).length === 0));
  });
});

describe('appendGlobalLog', () => {
  it('adds whole lines to what is there', async () => {
    const { backupRoot } = shareTree();
    writeFileSync(join(backupRoot, 'maintenance.log'), 'first\n');

    await Promise.all(
      Array.from({ length: 20 }, (_unused, line) => appendGlobalLog(backupRoot, `line ${line}\n`)),
    );

    const lines = readFileSync(join(backupRoot, 'maintenance.log'), 'utf8').trimEnd().split('\n');
    expect(lines[0]).toBe('first');
    expect(new Set(lines).size).toBe(21);
  });

  it('writes nothing onto a local disk under an unmounted share', async () => {
    const { backupRoot } = shareTree();
    rmSync(join(backupRoot, 'testbox-backup'));

    await expect(appendGlobalLog(backupRoot, 'x\n')).rejects.toThrow('is the share mounted?');
    expect(() => readFileSync(join(backupRoot, 'maintenance.log'))).toThrow('ENOENT');
  });
});
