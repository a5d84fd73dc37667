import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/domain/command.ts';
import { COMMANDS } from '../../src/domain/command-table.ts';
import { NEWEST_OWN } from '../../src/domain/image-wish.ts';

const action = (changes: object) => ({
  kind: 'action',
  action: 'restore',
  box: 'pluto',
  onlySlots: null,
  wish: NEWEST_OWN,
  reason: null,
  ...changes,
});

describe('the grammar', () => {
  it.each([
    ['restore pluto', action({})],
    ['/testbox restore pluto', action({})],
    ['  Restore\u00a0 10.40.41.42 ', action({ box: '10.40.41.42' })],
    ['restore pluto disks:sda,sdb', action({ onlySlots: ['sda', 'sdb'] })],
    ['restore disks:nvme0n1 pluto', action({ onlySlots: ['nvme0n1'] })],
    ['restore pluto as-of:3', action({ wish: { asOf: 3, from: null } })],
    ['restore as-of:000012 pluto', action({ wish: { asOf: 12, from: null } })],
    ['restore venus from:pluto', action({ box: 'venus', wish: { asOf: null, from: 'pluto' } })],
    ['restore venus from:pluto as-of:2', action({ box: 'venus', wish: { asOf: 2, from: 'pluto' } })],
    ['restore pluto fit:yes', action({ wish: { asOf: null, from: null, fit: true } })],
    ['restore FIT:No pluto', action({})],
    ['restore pluto reason: the disk is in pieces', action({ reason: 'the disk is in pieces' })],
    ['restore pluto reason:\u201ctwo words\u201d', action({ reason: 'two words' })],
    ['restore plu\u200bto', action({})],
    ['status', { kind: 'status', box: null }],
    ['status pluto', { kind: 'status', box: 'pluto' }],
    ['list', { kind: 'list' }],
    ['whoami', { kind: 'whoami' }],
    ['help restore', { kind: 'help', word: 'restore' }],
    ['', { kind: 'help', word: null }],
    ['lock pluto firmware tests', { kind: 'box', word: 'lock', box: 'pluto', reason: 'firmware tests' }],
    ['lock pluto', { kind: 'box', word: 'lock', box: 'pluto', reason: null }],
    ['cancel pluto', { kind: 'box', word: 'cancel', box: 'pluto', reason: null }],
  ])('understands %j', (text, command) => {
    expect(parseCommand(text)).toEqual({ ok: true, command });
  });

  it.each([
    ['restroe pluto', 'Did you mean `restore`?'],
    ['frobnicate', '/testbox help'],
    ['restore', 'needs a box'],
    ['restore pluto venus', 'takes one box'],
    ['restore pluto disks:', 'needs names'],
    ['restore pluto disks:/dev/sda', 'is not a disk name'],
    ['restore pluto force:yes', 'is not an option'],
    ['restore pluto as-of:', 'needs the number'],
    ['restore pluto as-of:0', 'needs the number'],
    ['restore pluto as-of:yesterday', 'needs the number'],
    ['restore pluto as-of:1 as-of:2', 'needs the number of one'],
    ['restore pluto from:', 'needs one box'],
    ['restore pluto from:venus from:mars', 'needs one box'],
    ['restore pluto fit:', '`fit:yes` or `fit:no`'],
    ['restore pluto fit:maybe', '`fit:yes` or `fit:no`'],
    ['restore pluto fit:yes fit:no', '`fit:yes` or `fit:no`'],
    ['backup pluto fit:yes', 'takes no `fit:`'],
    ['backup-again pluto from:venus', 'takes no `from:`'],
    ['backup pluto as-of:1', 'takes no `as-of:`'],
    ['list pluto', 'takes nothing'],
    ['info pluto disks:sda', 'takes no `disks:`'],
    ['info pluto reason: x', 'takes no `reason:`'],
    [`restore pluto reason:${'x'.repeat(301)}`, 'at most 300'],
    ['help frobnicate', 'is not a command'],
  ])('says what is wrong with %j', (text, hint) => {
    const parsed = parseCommand(text);

    expect(parsed).toMatchObject({ ok: false });
    expect(parsed.ok ? '' : parsed.problem).toContain(hint);
  });

  it('lets the box be left out in the thread of its job', () => {
    expect(parseCommand('cancel', 'pluto')).toMatchObject({ command: { word: 'cancel', box: 'pluto' } });
    expect(parseCommand('status', 'pluto')).toMatchObject({ command: { box: 'pluto' } });
    expect(parseCommand('cancel venus', 'pluto')).toMatchObject({ command: { box: 'venus' } });
  });

  it('knows every word of the table', () => {
    for (const { word, takes } of COMMANDS) {
      expect(parseCommand(takes === 'box' ? `${word} pluto` : word)).toMatchObject({ ok: true });
    }
  });

  it('always answers, whatever is typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseCommand(text);

        expect(parsed.ok ? parsed.command.kind : parsed.problem).toBeTruthy();
      }),
    );
  });
});
