import type { KnownBlock } from '@slack/types';
import { z } from 'zod';
import { checkBlocks } from './blocks.ts';
import type { MessageMetadata } from './message-store.ts';
import { Refusal } from './refusal.ts';
import type { World } from './world.ts';

/** Longer texts are for files: our own rule, stricter than Slack's. */
const TEXT_LIMIT = 4000;
const METADATA_LIMIT = 8000;

const metadata = z.strictObject({
  event_type: z.string().min(1).max(255),
  event_payload: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});

export interface Content {
  text: string;
  blocks: readonly KnownBlock[];
}

/** Text and blocks of a message. @throws Refusal */
export function checkContent(
  given: { what: string; text: string | null; blocks: unknown },
  world: World,
): Content {
  const blocks = given.blocks === undefined || given.blocks === null ? [] : checkBlocks(given.blocks);
  const text = given.text ?? '';
  if (text === '' && blocks.length === 0) throw new Refusal('no_text');
  if (text.length > TEXT_LIMIT) throw new Refusal('msg_too_long');
  if (text === '') world.journal.breach(`${given.what} has blocks, but no text for notifications`);
  return { text, blocks };
}

/** Null when there is none; an empty object takes away what was there. @throws Refusal */
export function checkMetadata(value: unknown): MessageMetadata | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object' && Object.keys(value).length === 0) return null;
  const parsed = metadata.safeParse(value);
  if (!parsed.success) throw new Refusal('invalid_metadata_format');
  if (JSON.stringify(parsed.data.event_payload).length > METADATA_LIMIT) {
    throw new Refusal('metadata_too_large');
  }
  return parsed.data;
}
