import { createHmac, timingSafeEqual } from 'node:crypto';
import type { JobId } from '../../contract/ids.ts';

export interface SessionOf {
  job: JobId;
  attempt: number;
  session: string;
}

/** HMAC-SHA-256 of (job, attempt, session) under the server's key: any bot on the store can check it. */
export function sessionToken(serverKey: string, { job, attempt, session }: SessionOf): string {
  return createHmac('sha256', serverKey)
    .update(JSON.stringify([job, attempt, session]))
    .digest('hex');
}

export function isSessionToken(given: string, serverKey: string, of: SessionOf): boolean {
  const expected = Buffer.from(sessionToken(serverKey, of));
  const actual = Buffer.from(given);
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
