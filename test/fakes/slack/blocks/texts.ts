import { z } from 'zod';

/** Slack's own words for a text that is too long, or empty. */
export function text(max: number, min = 1) {
  return z
    .string()
    .min(min, min === 1 ? 'must be more than 0 characters' : `must be at least ${min} characters`)
    .max(max, `must be less than ${max + 1} characters`);
}

export function plainText(max: number) {
  return z.strictObject({
    type: z.literal('plain_text'),
    text: text(max),
    emoji: z.boolean().optional(),
  });
}

export function mrkdwn(max: number) {
  return z.strictObject({
    type: z.literal('mrkdwn'),
    text: text(max),
    verbatim: z.boolean().optional(),
  });
}

export function anyText(max: number) {
  return z.discriminatedUnion('type', [plainText(max), mrkdwn(max)]);
}

export const confirmDialog = z.strictObject({
  title: plainText(100),
  text: anyText(300),
  confirm: plainText(30),
  deny: plainText(30),
  style: z.enum(['primary', 'danger']).optional(),
});

export const option = z.strictObject({
  text: plainText(75),
  value: text(75),
  description: plainText(75).optional(),
});

/** Radio buttons and checkboxes may be formatted. */
export const richOption = z.strictObject({
  text: anyText(75),
  value: text(75),
  description: anyText(75).optional(),
});

export const id = text(255);
