import type { SystemCommands } from '../../domain/testbox.ts';
import { bootIdOfMark } from './boot-mark.ts';
import type { ProbeResult } from './probe-lines.ts';
import type { System } from './system.ts';

/** A system that only the inventory knows. Of its boots the one line counts that it prints. */
export function custom(commands: SystemCommands): System {
  return {
    called: 'a system whose boot-id command prints one line',
    probe: commands.bootId,
    reboot: commands.reboot,
    read: readMark,
  };
}

function readMark(answer: string): ProbeResult | undefined {
  const lines = answer.split(/\r?\n/).map((line) => line.trim());
  const [mark, ...more] = lines.filter((line) => line !== '');
  if (mark === undefined || more.length > 0 || !/^[^\u0000-\u001f\u007f]{1,200}$/.test(mark))
    return undefined;
  return { bootId: bootIdOfMark(mark), system: 'own', uptimeSeconds: null, users: [] };
}
