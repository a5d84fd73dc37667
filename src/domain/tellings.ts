import type { Job } from './job.ts';

/** A job tells of so many addresses: whoever knows its nonce could call from any number. */
const STRANGER_LIMIT = 3;
/** A job tells of so many warnings. */
const WARNING_LIMIT = 10;
const WARNING_LENGTH = 300;
const FINGERPRINT = /^SHA256:[A-Za-z0-9+/]{43}$/;
/** One of each usual kind of key. */
const FINGERPRINT_LIMIT = 4;

/** Those of the agent's word that have the form of a fingerprint: they are shown to people. */
export function soundFingerprints(said: readonly string[] | undefined): string[] {
  return [...new Set(said)].filter((text) => FINGERPRINT.test(text)).slice(0, FINGERPRINT_LIMIT);
}

/** Whether the thread is yet to hear that the box's nonce came from this address. */
export function isNewStranger({ strangers }: Pick<Job, 'strangers'>, address: string): boolean {
  return strangers.length < STRANGER_LIMIT && !strangers.includes(address);
}

/** The warning as it is kept and told. */
export function warningText(message: string): string {
  const line = message.replace(/[\s\u0000-\u001f\u007f-\u009f]+/g, ' ').trim();
  return line.length > WARNING_LENGTH ? `${line.slice(0, WARNING_LENGTH - 1)}…` : line;
}

/** Whether the thread is yet to hear it. */
export function isNewWarning({ warnings }: Pick<Job, 'warnings'>, text: string): boolean {
  return text !== '' && warnings.length < WARNING_LIMIT && !warnings.includes(text);
}

/** Whether no further warning is told. */
export function isLastWarning({ warnings }: Pick<Job, 'warnings'>): boolean {
  return warnings.length >= WARNING_LIMIT;
}
