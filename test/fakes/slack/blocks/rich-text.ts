import { z } from 'zod';
import { id, text } from './texts.ts';

const style = z
  .strictObject({
    bold: z.boolean().optional(),
    italic: z.boolean().optional(),
    strike: z.boolean().optional(),
    code: z.boolean().optional(),
  })
  .optional();

const piece = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: text(3000), style }),
  z.strictObject({ type: z.literal('link'), url: text(3000), text: z.string().optional(), style }),
  z.strictObject({ type: z.literal('user'), user_id: id, style }),
  z.strictObject({ type: z.literal('usergroup'), usergroup_id: id, style }),
  z.strictObject({ type: z.literal('channel'), channel_id: id, style }),
  z.strictObject({ type: z.literal('emoji'), name: id }),
]);
const pieces = z.array(piece);
const section = z.strictObject({ type: z.literal('rich_text_section'), elements: pieces });

export const richText = z.strictObject({
  type: z.literal('rich_text'),
  block_id: id.optional(),
  elements: z
    .array(
      z.discriminatedUnion('type', [
        section,
        z.strictObject({ type: z.literal('rich_text_preformatted'), elements: pieces }),
        z.strictObject({ type: z.literal('rich_text_quote'), elements: pieces }),
        z.strictObject({
          type: z.literal('rich_text_list'),
          style: z.enum(['bullet', 'ordered']),
          indent: z.int().optional(),
          elements: z.array(section),
        }),
      ]),
    )
    .min(1, 'must provide at least 1 item'),
});
