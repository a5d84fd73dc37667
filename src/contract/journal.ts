import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from './plan.ts';
import { Report } from './report.ts';

/** One line of `<ip>/jobs/<job>.<attempt>.jsonl`: a report, its session, and proof of who wrote it. */
export const JournalLine = z.object({ session: z.string(), report: Report, hmac: z.string() });
export type JournalLine = z.infer<typeof JournalLine>;

/** @param token the session token, the HMAC's key */
export function journalLine(session: string, report: Report, token: string): string {
  const line: JournalLine = { session, report, hmac: hmacOf(session, report, token) };
  return `${JSON.stringify(line)}\n`;
}

/** Gives undefined for a line that is torn, malformed or not signed with the token. */
export function readJournalLine(text: string, tokenOf: (session: string) => string): JournalLine | undefined {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return undefined; // a torn last line is what a power cut leaves
  }
  const parsed = JournalLine.safeParse(json);
  if (!parsed.success) return undefined;
  const expected = Buffer.from(hmacOf(parsed.data.session, parsed.data.report, tokenOf(parsed.data.session)));
  const given = Buffer.from(parsed.data.hmac);
  return given.length === expected.length && timingSafeEqual(given, expected) ? parsed.data : undefined;
}

function hmacOf(session: string, report: Report, token: string): string {
  return createHmac('sha256', token).update(canonicalJson({ session, report })).digest('hex');
}
