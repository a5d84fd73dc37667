import type { Job } from '../../domain/job.ts';
import type { App } from '../app.ts';
import { findTestbox } from '../find-testbox.ts';

/**
 * The nonce proves freshness, not identity: the connection must come from the box's own
 * address, or the one that the inventory names for it.
 */
export function isFromBox(app: App, job: Job, peer: string): boolean {
  const testbox = findTestbox(app, job.testbox.name);
  return !('kind' in testbox) && testbox.reportsFrom === peer;
}
