import type { Log } from '../../src/app/ports.ts';

/** A log whose warnings and errors can be looked at, in order. */
export function recordedLog(): { warnings: { message: string; fields: object }[]; log: Log } {
  const warnings: { message: string; fields: object }[] = [];
  const note = (fields: object, message: string) => void warnings.push({ message, fields });
  return { warnings, log: { info: () => {}, warn: note, error: note } };
}
