import { describe, expect, it } from 'vitest';
import { type EditedLine, EMPTY_LINE, editLine, type Key, nextLine } from '../../src/cli/demo/line-editor.ts';

const key = (name: string, ctrl = false): Key => ({
  name,
  sequence: name.length === 1 ? name : undefined,
  ctrl,
  meta: false,
});

function typed(start: EditedLine, ...keys: Key[]): EditedLine {
  return keys.reduce((line, next) => {
    const result = editLine(line, next);
    return result.kind === 'edited' ? result.line : line;
  }, start);
}

const ABC = typed(EMPTY_LINE, key('a'), key('b'), key('c'));

describe('editLine', () => {
  it.each([
    ['typing', [], 'abc', 3],
    ['backspace', [key('backspace')], 'ab', 2],
    ['left and typing', [key('left'), key('x')], 'abxc', 3],
    ['left and delete', [key('left'), key('delete')], 'ab', 2],
    ['home, right', [key('home'), key('right')], 'abc', 1],
    ['Ctrl-U in the middle', [key('left'), key('u', true)], 'c', 0],
    ['Ctrl-K in the middle', [key('left'), key('k', true)], 'ab', 2],
    ['Ctrl-W', [key('w', true)], '', 0],
    ['an unknown control key', [key('x', true)], 'abc', 3],
    ['a function key', [{ ...key('f5'), sequence: '\u001b[15~' }], 'abc', 3],
  ])('after %s', (_what, keys, text, cursor) => {
    expect(typed(ABC, ...keys)).toMatchObject({ text, cursor });
  });

  it('enters with Enter, leaves with Ctrl-C, and with Ctrl-D on an empty line only', () => {
    expect(editLine(ABC, key('return'))).toEqual({ kind: 'entered', text: 'abc' });
    expect(editLine(ABC, key('c', true))).toEqual({ kind: 'leave' });
    expect(editLine(EMPTY_LINE, key('d', true))).toEqual({ kind: 'leave' });
    expect(editLine(ABC, key('d', true)).kind).toBe('edited');
  });

  it('recalls lines with the arrows, without repeats and empty ones', () => {
    const line = ['one', 'one', ' ', 'two'].reduce(nextLine, EMPTY_LINE);

    expect(typed(line, key('up'))).toMatchObject({ text: 'two', cursor: 3 });
    expect(typed(line, key('up'), key('up'), key('up'))).toMatchObject({ text: 'one' });
    expect(typed(line, key('up'), key('up'), key('down'), key('down'))).toMatchObject({ text: '' });
  });
});
