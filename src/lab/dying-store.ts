import { readFileSync, rmSync } from 'node:fs';
import type { JobStore } from '../app/store.ts';

/**
 * A store that kills its process, with SIGKILL, right after its n-th write: what the crash
 * walk needs. The number is read from the file once it appears, and the file goes with it.
 */
export function dyingStore(store: JobStore, orderFile: string): JobStore {
  let left: number | null = null;
  const counted =
    <Parameters extends unknown[], Result>(write: (...parameters: Parameters) => Promise<Result>) =>
    async (...parameters: Parameters): Promise<Result> => {
      const result = await write(...parameters);
      left ??= takeOrder(orderFile);
      if (left !== null) {
        left -= 1;
        if (left <= 0) process.kill(process.pid, 'SIGKILL');
      }
      return result;
    };
  return {
    ...store,
    create: counted(store.create),
    commit: counted(store.commit),
    addAudit: counted(store.addAudit),
    settle: counted(store.settle),
    postpone: counted(store.postpone),
  };
}

/** The write that finds the order counts as its first. */
function takeOrder(file: string): number | null {
  try {
    const writes = Number(readFileSync(file, 'utf8'));
    rmSync(file);
    return writes > 0 ? writes : null;
  } catch {
    return null; // nobody has ordered a death
  }
}
