import type { ModalView } from '@slack/types';
import type { z } from 'zod';
import { readFailure } from '../failure.ts';
import type { Listening } from './parts.ts';

/** A click's right to a dialog lasts 3 s, and for one dialog. */
const TOO_LATE: ReadonlySet<string> = new Set(['expired_trigger_id', 'trigger_expired']);
/** It is spent: an earlier try opened the dialog, and the answer to that was lost. */
const OPEN_ALREADY: ReadonlySet<string> = new Set(['exchanged_trigger_id', 'trigger_exchanged']);

/** False when Slack didn't open it. */
export async function openDialog(
  on: Pick<Listening, 'client' | 'log'>,
  { triggerId, view }: { triggerId: string; view: ModalView },
): Promise<boolean> {
  try {
    await on.client.views.open({ trigger_id: triggerId, view });
    return true;
  } catch (error) {
    const failure = readFailure(error);
    const code = failure.kind === 'refused' ? failure.code : '';
    if (OPEN_ALREADY.has(code)) return true;
    if (TOO_LATE.has(code)) on.log.warn({ err: error }, 'a dialog came too late to be opened');
    else on.log.error({ err: error }, 'a dialog could not be opened');
    return false;
  }
}

/** What a dialog carries along is Slack's `private_metadata`: at most 3,000 characters. */
export function writeMetadata(metadata: object): string {
  return JSON.stringify(metadata);
}

/** Null when it is of another version of the bot. */
export function readMetadata<T>(schema: z.ZodType<T>, metadata: string): T | null {
  try {
    return schema.safeParse(JSON.parse(metadata)).data ?? null;
  } catch {
    return null;
  }
}
