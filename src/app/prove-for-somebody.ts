import type { TestboxAddress } from '../contract/address.ts';
import type { ProofResult } from '../domain/proof-result.ts';
import type { App } from './app.ts';
import { ShareError } from './share-port.ts';
import { verifyImages } from './verify-images.ts';

/**
 * Reads all images of a box through for somebody who is told what came of it. Null when the bot stops
 * meanwhile: the next one reads them.
 */
export async function proveForSomebody(app: App, address: TestboxAddress): Promise<ProofResult | null> {
  try {
    return { kind: 'read', images: await verifyImages(app, { address, generations: null }) };
  } catch (error) {
    if (app.stopping.aborted) return null;
    if (error instanceof ShareError) return { kind: 'unread', why: error.message };
    throw error;
  }
}
