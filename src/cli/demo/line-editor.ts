/** A line that is being typed. */
export interface EditedLine {
  text: string;
  /** In UTF-16 units, between graphemes as far as typing goes. */
  cursor: number;
  /** Lines typed before, oldest first. */
  history: readonly string[];
  /** The place in the history that is shown; its length is the new line. */
  historyAt: number;
}

export interface Key {
  /** As `readline.emitKeypressEvents` names it. */
  name: string | undefined;
  sequence: string | undefined;
  ctrl: boolean;
  meta: boolean;
}

export type EditResult =
  | { kind: 'edited'; line: EditedLine }
  | { kind: 'entered'; text: string }
  | { kind: 'leave' };

export const EMPTY_LINE: EditedLine = { text: '', cursor: 0, history: [], historyAt: 0 };

/** What a key does to the line: the keys that every shell has. */
export function editLine(line: EditedLine, key: Key): EditResult {
  const { text, cursor } = line;
  const before = text.slice(0, cursor);
  const after = text.slice(cursor);
  if (key.ctrl) return editWithControl(line, key.name);
  switch (key.name) {
    case 'return':
    case 'enter':
      return { kind: 'entered', text };
    case 'backspace':
      return edited(line, before.slice(0, -1), after);
    case 'delete':
      return edited(line, before, after.slice(1));
    case 'left':
      return edited(line, before.slice(0, -1), before.slice(-1) + after);
    case 'right':
      return edited(line, before + after.slice(0, 1), after.slice(1));
    case 'home':
      return edited(line, '', text);
    case 'end':
      return edited(line, text, '');
    case 'up':
      return recalled(line, line.historyAt - 1);
    case 'down':
      return recalled(line, line.historyAt + 1);
    default:
      return edited(line, before + (key.meta ? '' : printable(key.sequence)), after);
  }
}

/** The line after one was entered: empty, with that one in the history. */
export function nextLine(line: EditedLine, entered: string): EditedLine {
  const keep = entered.trim() !== '' && line.history.at(-1) !== entered;
  const history = keep ? [...line.history, entered] : line.history;
  return { ...EMPTY_LINE, history, historyAt: history.length };
}

function editWithControl(line: EditedLine, name: string | undefined): EditResult {
  const { text, cursor } = line;
  const before = text.slice(0, cursor);
  switch (name) {
    case 'c':
      return { kind: 'leave' };
    case 'd':
      return text === '' ? { kind: 'leave' } : edited(line, before, text.slice(cursor + 1));
    case 'a':
      return edited(line, '', text);
    case 'e':
      return edited(line, text, '');
    case 'u':
      return edited(line, '', text.slice(cursor));
    case 'k':
      return edited(line, before, '');
    case 'w':
      return edited(line, before.replace(/\S*\s*$/, ''), text.slice(cursor));
    default:
      return { kind: 'edited', line };
  }
}

function edited(line: EditedLine, before: string, after: string): EditResult {
  return { kind: 'edited', line: { ...line, text: before + after, cursor: before.length } };
}

function recalled(line: EditedLine, wanted: number): EditResult {
  const historyAt = Math.min(Math.max(wanted, 0), line.history.length);
  const text = line.history[historyAt] ?? '';
  return { kind: 'edited', line: { ...line, historyAt, text, cursor: text.length } };
}

function printable(sequence: string | undefined): string {
  return sequence === undefined || /[\u0000-\u001f\u007f]/.test(sequence) ? '' : sequence;
}
