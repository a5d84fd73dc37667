import { describe, expect, it } from 'vitest';
import { formCommand } from '../../../src/chat/slack/handlers/form-command.ts';
import { parseCommand } from '../../../src/domain/command.ts';
import { NEWEST_OWN } from '../../../src/domain/image-wish.ts';

describe('formCommand', () => {
  it.each([
    ['sda', 'disks:sda'],
    ['sda,sdb', 'disks:sda,sdb'],
    [' sda ,\tsdb ', 'disks:sda,sdb'],
    ['sda sdb', 'disks:sda,sdb'],
    ['disks:sda,sdb', 'disks:sda,sdb'],
    ['Disk: sda', 'disks:sda'],
  ])('takes disks as people write them: %j', (disks, word) => {
    expect(formCommand(values({ disks }))).toEqual({ ok: true, text: `restore pluto ${word}` });
  });

  it('takes the image of another box', () => {
    expect(formCommand(values({ from: 'venus' }))).toEqual({ ok: true, text: 'restore pluto from:venus' });
  });

  it.each(['3', ' 3 ', 'as-of:3'])('takes the number of a generation: %j', (asOf) => {
    expect(formCommand(values({ asOf }))).toEqual({ ok: true, text: 'restore pluto as-of:3' });
  });

  it('takes the wish to fit a larger disk', () => {
    expect(formCommand(values({ fit: 'yes' }))).toEqual({ ok: true, text: 'restore pluto fit:yes' });
  });

  it.each(['', '  ', ',', ' , '])('takes %j for all disks', (disks) => {
    expect(formCommand(values({ disks }))).toEqual({ ok: true, text: 'restore pluto' });
  });

  it.each([
    'new firmware',
    'reason: because',
    'disks:sdb is broken',
    '"quoted"',
    '"a" and "b"',
    '/testbox restore mars',
    '<@U1> & co. <b>',
    '`x` *y* 🙂',
  ])('carries the reason %j to the parser as it is', (reason) => {
    const command = formCommand(values({ reason }));

    expect(command.ok && parseCommand(command.text)).toMatchObject({
      ok: true,
      command: { kind: 'action', action: 'restore', box: 'pluto', onlySlots: null, wish: NEWEST_OWN, reason },
    });
  });

  it('makes blanks of line breaks in the reason', () => {
    const command = formCommand(values({ reason: ' one\ntwo\r\n\tthree ' }));

    expect(command).toEqual({ ok: true, text: 'restore pluto reason:"one two three"' });
  });

  it.each([
    [{ action: '' }, 'action', 'Choose an action.'],
    [{ box: '' }, 'box', 'Choose a box.'],
    [{ action: 'explode' }, 'box', '"explode" is not a command'],
    [{ box: 'pluto mars' }, 'box', 'takes one box'],
    [{ disks: '../etc' }, 'disks', 'is not a disk name'],
    [{ asOf: 'old' }, 'as-of', 'needs the number'],
    [{ action: 'backup', from: 'venus' }, 'from', 'takes no "from:"'],
    [{ action: 'backup', fit: 'yes' }, 'fit', 'takes no "fit:"'],
    [{ action: 'backup', asOf: '3' }, 'as-of', 'takes no "as-of:"'],
    [{ reason: 'x'.repeat(301) }, 'reason', '301 characters; at most 300'],
  ])('says at which field %j fails', (fields, field, problem) => {
    expect(formCommand(values(fields))).toEqual({
      ok: false,
      field,
      problem: expect.stringContaining(problem),
    });
  });

  it('takes a reason of just 300 characters', () => {
    expect(formCommand(values({ reason: 'x'.repeat(300) }))).toMatchObject({ ok: true });
  });
});

interface Filled {
  action?: string;
  box?: string;
  disks?: string;
  asOf?: string;
  from?: string;
  fit?: string;
  reason?: string;
}

function values({ action = 'restore', box = 'pluto', disks, asOf, from, fit, reason }: Filled) {
  return {
    action: { action: { type: 'static_select', selected_option: option(action) } },
    box: { box: { type: 'external_select', selected_option: option(box) } },
    disks: { disks: { type: 'plain_text_input', value: disks ?? null } },
    from: { from: { type: 'external_select', selected_option: from === undefined ? null : option(from) } },
    fit: { fit: { type: 'static_select', selected_option: fit === undefined ? null : option(fit) } },
    'as-of': { 'as-of': { type: 'plain_text_input', value: asOf ?? null } },
    reason: { reason: { type: 'plain_text_input', value: reason ?? null } },
  };
}

function option(value: string) {
  return value === '' ? null : { text: { type: 'plain_text' as const, text: value }, value };
}
