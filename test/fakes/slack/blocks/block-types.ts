import { z } from 'zod';
import { accessory, actionsElement, image, inputElement } from './elements.ts';
import { richText } from './rich-text.ts';
import { anyText, id, mrkdwn, plainText, text } from './texts.ts';

const block_id = id.optional();

const section = z
  .strictObject({
    type: z.literal('section'),
    block_id,
    text: anyText(3000).optional(),
    fields: z.array(anyText(2000)).min(1).max(10, 'no more than 10 items allowed').optional(),
    accessory: accessory.optional(),
    expand: z.boolean().optional(),
  })
  .refine(({ text, fields }) => text !== undefined || fields !== undefined, {
    message: 'one of text and fields is needed',
  });

const header = z.strictObject({ type: z.literal('header'), block_id, text: plainText(150) });

const context = z.strictObject({
  type: z.literal('context'),
  block_id,
  elements: z
    .array(z.discriminatedUnion('type', [image, plainText(3000), mrkdwn(3000)]))
    .min(1, 'must provide at least 1 item')
    .max(10, 'no more than 10 items allowed'),
});

const actions = z.strictObject({
  type: z.literal('actions'),
  block_id,
  elements: z
    .array(actionsElement)
    .min(1, 'must provide at least 1 item')
    .max(25, 'no more than 25 items allowed'),
});

const divider = z.strictObject({ type: z.literal('divider'), block_id });

const imageBlock = z.strictObject({
  type: z.literal('image'),
  block_id,
  image_url: text(3000),
  alt_text: text(2000),
  title: plainText(2000).optional(),
});

const taskFields = {
  block_id,
  task_id: id,
  title: text(3000),
  status: z.enum(['pending', 'in_progress', 'complete', 'error']),
  details: richText.optional(),
  output: richText.optional(),
};
const taskCard = z.strictObject({ type: z.literal('task_card'), ...taskFields });

const plan = z
  .strictObject({
    type: z.literal('plan'),
    block_id,
    title: text(3000),
    tasks: z
      .array(z.strictObject({ type: z.literal('task_card').optional(), ...taskFields }))
      .max(50, 'no more than 50 items allowed')
      .optional(),
  })
  .refine(({ tasks = [] }) => new Set(tasks.map(({ task_id }) => task_id)).size === tasks.length, {
    message: 'task_id must be unique within a plan',
  });

const markdown = z.strictObject({ type: z.literal('markdown'), block_id, text: text(12_000) });

const input = z.strictObject({
  type: z.literal('input'),
  block_id,
  label: plainText(2000),
  element: inputElement,
  dispatch_action: z.boolean().optional(),
  hint: plainText(2000).optional(),
  optional: z.boolean().optional(),
});

const everywhere = [section, header, context, actions, divider, imageBlock, richText] as const;

export const messageBlock = z.discriminatedUnion('type', [...everywhere, plan, taskCard, markdown]);
export const viewBlock = z.discriminatedUnion('type', [...everywhere, input]);
