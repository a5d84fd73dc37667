import type { Action } from '../../src/contract/action.ts';
import type { Failure } from '../failure.ts';

const BY_CODE: Readonly<Record<string, number>> = {
  'boot-config-refused': 13,
  'no-disks': 17,
  'disk-missing': 17,
  'image-exists': 18,
};

/** The exit status with which the original's script ended at such an error; people know them. */
export function originalStatus(failure: Failure, action: Action): number | null {
  const byCode = BY_CODE[failure.code];
  if (byCode !== undefined) return byCode;
  if (action === 'backup' || action === 'backup-again') return 19;
  return action === 'restore' ? 20 : null;
}
