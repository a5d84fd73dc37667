import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { journalLine, readJournalLine } from '../../src/contract/journal.ts';
import type { Report } from '../../src/contract/report.ts';

const report: Report = { sequence: 3, at: 1000, body: { type: 'dirty', slot: 'sda' } };
const tokenOf = (session: string) => `token of ${session}`;

describe('a line of the journal', () => {
  it('reads back with the session it was written in', () => {
    const line = journalLine('s1', report, tokenOf('s1'));

    expect(readJournalLine(line, tokenOf)).toMatchObject({ session: 's1', report });
  });

  it('is refused with any byte changed, torn, or signed by another session', () => {
    const line = journalLine('s1', report, tokenOf('s1')).trimEnd();

    fc.assert(
      fc.property(fc.nat(line.length - 1), fc.constantFrom(...'0123456789abcdefxyz"{}'), (at, letter) => {
        fc.pre(line[at] !== letter);
        expect(
          readJournalLine(`${line.slice(0, at)}${letter}${line.slice(at + 1)}`, tokenOf),
        ).toBeUndefined();
        expect(readJournalLine(line.slice(0, at), tokenOf)).toBeUndefined();
      }),
    );
    expect(readJournalLine(journalLine('s1', report, tokenOf('s2')), tokenOf)).toBeUndefined();
  });
});
