import { parseLabStep } from './parse-lab-step.ts';
import type { Step } from './step.ts';
import { amount, needed, only, UNIT_MS, usage } from './usage.ts';

const DEFAULT_WAIT_MS = 60_000;

/**
 * Reads one line. What is no step of the script is a chat line, with or without `/testbox`.
 *
 * @throws StepSyntaxError
 */
export function parseStep(line: string): Step {
  const text = line.trim();
  if (text === '' || text.startsWith('#')) return { kind: 'nothing' };
  const [keyword = '', ...words] = text.split(/\s+/);
  const rest = text.slice(keyword.length).trim();
  switch (keyword) {
    case 'press': {
      const [button, box, ...reason] = words;
      return {
        kind: 'press',
        button: needed(button, keyword),
        box: box ?? null,
        input: reason.join(' ') || null,
      };
    }
    case 'as':
      return { kind: 'as', person: only(words, keyword) };
    case 'wait':
      return parseWait(words);
    case 'expect':
    case 'expect-not':
      return { kind: keyword, text: needed(rest, keyword) };
    case 'expect-screen':
    case 'expect-log': {
      const box = needed(words[0], keyword);
      return { kind: keyword, box, text: needed(rest.slice(box.length).trim(), keyword) };
    }
    default:
      return keyword.startsWith('!') ? parseLabStep(keyword, words) : { kind: 'say', text };
  }
}

function parseWait(words: readonly string[]): Step {
  const [box, what, timeout, ...more] = words;
  if (box === undefined || what === undefined || more.length > 0) throw usage('wait');
  const percent = /^(\d{1,3})%$/.exec(what)?.[1];
  if (percent !== undefined && timeout === undefined) {
    return { kind: 'wait-percent', box, percent: Number(percent) };
  }
  if (!/^[a-z-]+$/.test(what)) throw usage('wait');
  const timeoutMs = timeout === undefined ? DEFAULT_WAIT_MS : amount(timeout, UNIT_MS, 1_000);
  if (timeoutMs === undefined) throw usage('wait');
  return { kind: 'wait-state', box, state: what, timeoutMs };
}
