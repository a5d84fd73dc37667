import { createHash } from 'node:crypto';
import type { Block, KnownBlock } from '@slack/types';

/** Slack names the blocks that the app left unnamed; always the same name for the same place. */
export function withBlockIds<B extends KnownBlock | Block>(blocks: readonly B[], seed: string): readonly B[] {
  return blocks.map((block, index) => ({ ...block, block_id: block.block_id ?? nameFor(seed, index) }));
}

function nameFor(seed: string, index: number): string {
  return createHash('sha256').update(`${seed}/${index}`).digest('base64url').slice(0, 5);
}
