import type { Disk } from '../src/contract/disk.ts';
import { errorCode, Failure } from './failure.ts';
import { diskFailure } from './imaging/device.ts';
import type { Machine, OpenDisk } from './machine.ts';

/**
 * Opens a disk alone, for the length of a `using` block.
 *
 * @throws Failure disk-busy when something else has it
 */
export async function openTarget(
  machine: Machine,
  disk: Disk,
  access: 'read' | 'write',
): Promise<{ disk: OpenDisk } & AsyncDisposable> {
  try {
    const open = await machine.openDisk(disk.kernelName, access);
    return { disk: open, [Symbol.asyncDispose]: () => open.close() };
  } catch (cause) {
    if (errorCode(cause) === 'EBUSY') {
      throw new Failure({
        class: 'box',
        code: 'disk-busy',
        message: `/dev/${disk.kernelName} is mounted or held by something else`,
        cause,
      });
    }
    throw diskFailure(`opening /dev/${disk.kernelName}`, cause);
  }
}
