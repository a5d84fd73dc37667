import type { TestboxAddress } from './address.ts';

/** UTC without fractions and with an offset, as the original writes it: `2026-11-22T17:28:55+00:00`. */
export function logTimestamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}+00:00`;
}

/** A line of the global `maintenance.log`. */
export function globalLogLine(now: number, address: TestboxAddress, message: string): string {
  return `${logTimestamp(now)}: ${address}: ${oneLine(message)}\n`;
}

/** The line that begins a box's session in its own log. */
export function sessionLine(now: number, address: TestboxAddress, hostname: string): string {
  const rule = '================';
  return `${rule} ${logTimestamp(now)}: ${address}: ${oneLine(hostname)} starts a new session ${rule}\n`;
}

/** A line of a box's own `maintenance.log`. */
export function boxLogLine(
  now: number,
  address: TestboxAddress,
  level: 'info' | 'error',
  message: string,
): string {
  return `${logTimestamp(now)}: ${address}: ${level}: ${oneLine(message)}\n`;
}

function oneLine(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
}
