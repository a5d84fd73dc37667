import { z } from 'zod';
import { invalidAt } from './api-error.ts';
import type { Json } from './json.ts';
import { embedTexts } from './shown-text.ts';

const TOTAL_LIMIT = 6000;

const text = (limit: number) => z.string().max(limit).nullish();
const url = z
  .string()
  .max(2048)
  .regex(/^(https?|attachment):\/\/./, 'Not a well formed URL.')
  .nullish();

const embed = z.looseObject({
  title: text(256),
  description: text(4096),
  url,
  timestamp: z.iso.datetime({ offset: true }).nullish(),
  color: z.number().int().min(0).max(0xffffff).nullish(),
  footer: z.looseObject({ text: z.string().min(1).max(2048) }).nullish(),
  author: z.looseObject({ name: z.string().min(1).max(256), url }).nullish(),
  image: z.looseObject({ url }).nullish(),
  thumbnail: z.looseObject({ url }).nullish(),
  fields: z
    .array(
      z.looseObject({
        name: z.string().min(1).max(256),
        value: z.string().min(1).max(1024),
        inline: z.boolean().nullish(),
      }),
    )
    .max(25)
    .nullish(),
});

export const embedList = z.array(embed).max(10);

/** @throws ApiError 50035 */
export function refuseEmbeds(embeds: readonly Json[]): void {
  const length = embeds.flatMap(embedTexts).reduce((sum, { length }) => sum + length, 0);
  if (length > TOTAL_LIMIT) {
    throw invalidAt('embeds', `Embed size exceeds maximum size of ${TOTAL_LIMIT}`);
  }
}
