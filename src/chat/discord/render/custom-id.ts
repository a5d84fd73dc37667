import { LIMITS } from './limits.ts';

/**
 * What a click on a button of ours is: `press` has its effect, `ask` opens the question whether it
 * should, and `sure` is the answer to that question.
 */
type ClickKind = 'press' | 'ask' | 'sure';

export interface Click {
  kind: ClickKind;
  id: string;
  value: string;
}

const MARKS: Readonly<Record<ClickKind, string>> = { press: '', ask: '?', sure: '!' };

/** `<id>|<value>` with the kind's mark before it; null when Discord can't carry it. */
export function toCustomId({ kind, id, value }: Click): string | null {
  if (!ID.test(id)) return null;
  const customId = `${MARKS[kind]}${id}|${value}`;
  return customId.length <= LIMITS.customId && customId.isWellFormed() ? customId : null;
}

/** Null for what is none of ours. */
export function parseCustomId(customId: string): Click | null {
  const [, mark, id, value] = CUSTOM_ID.exec(customId) ?? [];
  if (mark === undefined || id === undefined || value === undefined) return null;
  return { kind: mark === '?' ? 'ask' : mark === '!' ? 'sure' : 'press', id, value };
}

const ID = /^[^?!|][^|]*$/s;
const CUSTOM_ID = /^([?!]?)([^?!|][^|]*)\|(.*)$/s;
