import type { KnownBlock, View } from '@slack/types';
import { z } from 'zod';
import { messageBlock, viewBlock } from './blocks/block-types.ts';
import { plainText } from './blocks/texts.ts';
import { refusalWith } from './refusal.ts';

const messageBlocks = z.array(messageBlock).max(50, 'no more than 50 items allowed');
const viewBlocks = z.array(viewBlock).max(100, 'no more than 100 items allowed');

const viewFields = {
  blocks: viewBlocks,
  private_metadata: z.string().max(3000, 'must be less than 3001 characters').optional(),
  callback_id: z.string().max(255, 'must be less than 256 characters').optional(),
  external_id: z.string().max(255, 'must be less than 256 characters').optional(),
};

const modal = z
  .strictObject({
    type: z.literal('modal'),
    ...viewFields,
    title: plainText(24),
    submit: plainText(24).optional(),
    close: plainText(24).optional(),
    clear_on_close: z.boolean().optional(),
    notify_on_close: z.boolean().optional(),
  })
  .refine(({ blocks, submit }) => submit !== undefined || blocks.every(({ type }) => type !== 'input'), {
    message: 'submit is needed in a modal with input blocks',
  });

const home = z.strictObject({ type: z.literal('home'), ...viewFields });

/** The blocks of a message, as Slack takes them. @throws Refusal `invalid_blocks` */
export function checkBlocks(value: unknown): readonly KnownBlock[] {
  const parsed = messageBlocks.safeParse(value);
  const wrong = parsed.success ? doubled(parsed.data, '/blocks') : pointed(parsed.error, '/blocks');
  if (wrong.length > 0) throw refusalWith('invalid_blocks', wrong);
  return value as readonly KnownBlock[];
}

/** A modal or a Home, as Slack takes it. @throws Refusal `invalid_arguments` */
export function checkView(value: unknown, kind: 'modal' | 'home'): View {
  const parsed = (kind === 'modal' ? modal : home).safeParse(value);
  const wrong = parsed.success ? doubled(parsed.data.blocks, '/view/blocks') : pointed(parsed.error, '/view');
  if (wrong.length > 0) throw refusalWith('invalid_arguments', wrong);
  return value as View;
}

function pointed(error: z.ZodError, root: string): string[] {
  return error.issues.map(({ message, path }) => {
    return `${message} [json-pointer:${[root, ...path.map(String)].join('/')}]`;
  });
}

interface AnyBlock {
  type: string;
  block_id?: string | undefined;
}

/** Ids that stand twice: `block_id` in all blocks, `action_id` within one. */
function doubled(blocks: readonly AnyBlock[], root: string): string[] {
  const ids = blocks.flatMap(({ block_id }) => (block_id === undefined ? [] : [block_id]));
  return [
    ...twice(ids).map((id) => `block_id already exists: ${id} [json-pointer:${root}]`),
    ...blocks.flatMap((block, index) =>
      twice(actionIds(block)).map((id) => `action_id already exists: ${id} [json-pointer:${root}/${index}]`),
    ),
  ];
}

function actionIds(block: AnyBlock): string[] {
  if (!('elements' in block) || !Array.isArray(block.elements)) return [];
  return block.elements.flatMap(({ action_id }: { action_id?: string }) => action_id ?? []);
}

function twice(ids: readonly string[]): string[] {
  return [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
}
