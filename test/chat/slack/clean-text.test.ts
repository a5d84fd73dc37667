import { describe, expect, it } from 'vitest';
import { cleanText, isBlank, mentionedUsers } from '../../../src/chat/slack/clean-text.ts';
import { parseCommand } from '../../../src/domain/command.ts';

describe('cleanText', () => {
  it.each([
    ['restore <tel:10.40.41.42|10.40.41.42>', 'restore 10.40.41.42'],
    ['restore <http://10.40.41.42|10.40.41.42>', 'restore 10.40.41.42'],
    ['restore <http://pluto.lab|pluto.lab>', 'restore pluto.lab'],
    ['restore <http://pluto.lab|>', 'restore http://pluto.lab'],
    ['lock pluto see <https://jira/T-5>', 'lock pluto see https://jira/T-5'],
    ['lock pluto see <https://jira/?a=1&amp;b=2>', 'lock pluto see https://jira/?a=1&b=2'],
    ['lock pluto ask <mailto:bob@acme.com|bob@acme.com>', 'lock pluto ask bob@acme.com'],
    ['lock pluto ask <mailto:bob@acme.com>', 'lock pluto ask bob@acme.com'],
    ['info <tel:10.40.41.42>', 'info 10.40.41.42'],
  ])('takes the links off addresses: %s', (typed, clean) => {
    expect(cleanText(typed)).toBe(clean);
  });

  it.each([
    ['lock pluto for <@U1>', 'lock pluto for @alice'],
    ['lock pluto for <@U1|al>', 'lock pluto for @alice'],
    ['lock pluto for <@U2|bob>', 'lock pluto for @bob'],
    ['lock pluto for <@W3>', 'lock pluto for @W3'],
    ['lock pluto for <#C1|lab>', 'lock pluto for #lab'],
    ['lock pluto for <#C1|>', 'lock pluto for #C1'],
    ['lock pluto for <#C1>', 'lock pluto for #C1'],
    ['lock pluto for <!here>', 'lock pluto for @here'],
    ['lock pluto for <!subteam^S1|@ops>', 'lock pluto for @ops'],
    ['lock pluto for <!subteam^S1>', 'lock pluto for @S1'],
    ['lock pluto until <!date^1700000000^{date}|Tuesday>', 'lock pluto until Tuesday'],
  ])('says mentions in words: %s', (typed, clean) => {
    expect(cleanText(typed, new Map([['U1', 'alice']]))).toBe(clean);
  });

  it.each([
    ['a &lt; b &amp;&amp; c &gt; d', 'a < b && c > d'],
    ['&amp;lt;', '&lt;'],
    ['restore &lt;box&gt;', 'restore <box>'],
    ['restore <box>', 'restore <box>'],
    ['a <> b', 'a <> b'],
  ])('unescapes once: %s', (typed, clean) => {
    expect(cleanText(typed)).toBe(clean);
  });

  it.each([
    ['restore *pluto*', 'restore pluto'],
    ['restore _pluto_', 'restore pluto'],
    ['restore ~pluto~', 'restore pluto'],
    ['restore `pluto`', 'restore pluto'],
    ['`restore pluto`', 'restore pluto'],
    ['```restore pluto```', 'restore pluto'],
    ['```\nrestore pluto\n```', 'restore pluto'],
    ['*restore _pluto_*', 'restore pluto'],
    ['*`restore` pluto*', 'restore pluto'],
    ['restore *<http://pluto.lab|pluto.lab>*', 'restore pluto.lab'],
    ['restore pluto disks:`sda,sdb`', 'restore pluto disks:sda,sdb'],
    ['restore *pluto*, please', 'restore pluto, please'],
  ])('takes marks off words: %s', (typed, clean) => {
    expect(cleanText(typed)).toBe(clean);
  });

  it.each([
    'lab_box_1',
    '5*3*2',
    'a * b * c',
    'snake_case and camel_case',
    '*',
    '**',
    '_ _',
    'it`s',
    'rm *.log *.txt',
  ])('leaves what is no mark: %s', (typed) => {
    expect(cleanText(typed)).toBe(typed);
  });

  it('leaves blanks and quotes of other kinds to the parser, which takes them', () => {
    const clean = cleanText('restore\u00a0*<tel:10.40.41.42|10.40.41.42>*\u200b reason:\u201cnew disk\u201d');

    expect(clean).toContain('\u00a0');
    expect(parseCommand(clean)).toMatchObject({
      ok: true,
      command: { action: 'restore', box: '10.40.41.42', reason: 'new disk' },
    });
  });
});

describe('mentionedUsers', () => {
  it('finds every user and nothing else', () => {
    expect(mentionedUsers('<@U1> and <@W2|bob>, not <#C1|lab>, <!here> or @carol')).toEqual(['U1', 'W2']);
  });
});

describe('isBlank', () => {
  it.each(['', '  ', '\u00a0\n', '\u200b \ufeff'])('is true of %j', (text) => {
    expect(isBlank(text)).toBe(true);
  });

  it.each(['help', ' . ', '0'])('is false of %j', (text) => {
    expect(isBlank(text)).toBe(false);
  });
});
