import { z } from 'zod';

/** What came of reading a box's images through. */
export const ProofResult = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('read'),
    images: z.array(
      z.object({
        generation: z.int(),
        /** Null when the generation could not be read at all. */
        slot: z.string().nullable(),
        /** In words; null for a sound image. */
        problem: z.string().nullable(),
      }),
    ),
  }),
  /** Nothing is said about any image. */
  z.object({ kind: z.literal('unread'), why: z.string() }),
]);
export type ProofResult = z.infer<typeof ProofResult>;
