import { type Document, isNode, type LineCounter } from 'yaml';
import type { z } from 'zod';
import { didYouMean } from '../domain/did-you-mean.ts';
import { INVENTORY_KEYS } from './inventory-schema.ts';

type Path = readonly PropertyKey[];

/** One line for each thing that an issue is about: where, what was expected, what was got. */
export function describeIssue(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const near = didYouMean(key, INVENTORY_KEYS);
      const hint = near === null ? '' : `, did you mean "${near}"?`;
      return `${placeOf([...issue.path, key], document, lines)}: unknown key "${key}"${hint}`;
    });
  }
  const place = placeOf(issue.path, document, lines);
  if (issue.code === 'invalid_key') {
    return [`${place}: a name is not right: ${issue.issues.map((inner) => inner.message).join(', ')}`];
  }
  return [`${place}: expected ${issue.message.replace(/^expected /, '')}, got ${shown(issue, document)}`];
}

/** `testboxes[0].ssh.port (line 7)`; a missing value has the line of what should hold it. */
export function placeOf(path: Path, document: Document, lines: LineCounter): string {
  const name = path.reduce<string>(
    (text, step) =>
      typeof step === 'number' ? `${text}[${step}]` : text === '' ? String(step) : `${text}.${String(step)}`,
    '',
  );
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return `${name} (line ${lines.linePos(node.range[0]).line})`;
  }
  return name === '' ? 'the file' : name;
}

function shown(issue: z.core.$ZodIssue, document: Document): string {
  const value: unknown = document.getIn([...issue.path]);
  if (value === undefined) return 'nothing';
  if (isNode(value)) return 'a list or a group of settings';
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  return `${JSON.stringify(value)}${wantsText ? ' without quotes around it' : ''}`;
}
