import type { ModalView } from '@slack/types';
import { WebAPIPlatformError } from '@slack/web-api';
import type { z } from 'zod';
import type { Listening } from './parts.ts';

/** A click's right to a dialog was over, or spent: it lasts 3 s and for one dialog. */
const TOO_LATE: ReadonlySet<string> = new Set([
  'expired_trigger_id',
  'trigger_expired',
  'exchanged_trigger_id',
  'trigger_exchanged',
]);

/** False when Slack didn't open it. */
export async function openDialog(
  on: Pick<Listening, 'client' | 'log'>,
  { triggerId, view }: { triggerId: string; view: ModalView },
): Promise<boolean> {
  try {
    await on.client.views.open({ trigger_id: triggerId, view });
    return true;
  } catch (error) {
    const late = error instanceof WebAPIPlatformError && TOO_LATE.has(error.data.error);
    if (late) on.log.warn({ err: error }, 'a dialog came too late to be opened');
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
