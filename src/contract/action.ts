import { z } from 'zod';

/** The five maintenance actions of the scheme, in the order help shows them. */
export const ACTIONS = ['backup', 'backup-again', 'restore', 'refresh-info', 'rescue'] as const;

export const Action = z.enum(ACTIONS);
export type Action = z.infer<typeof Action>;

/** True for the actions that write a new generation of images. */
export function capturesImages(action: Action): boolean {
  return action === 'backup' || action === 'backup-again';
}
