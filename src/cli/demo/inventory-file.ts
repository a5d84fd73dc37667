import { stringify } from 'yaml';
import type { BoxSettings } from '../../lab/box-settings.ts';

/** The one channel of the demo's chat. */
export const CHANNEL = 'lab';

/** Who sits in the demo, and what they may do. */
export const PEOPLE = ['alice', 'bob', 'mallory'] as const;

/** The inventory of the demo's boxes, as `testboxes.yaml`. */
export function inventoryFile(boxes: readonly BoxSettings[], rebootDeadline: string): string {
  return stringify({
    groups: { demo: { deadlines: { reboot: rebootDeadline } } },
    testboxes: boxes.map((box) => ({
      name: box.name,
      ip: box.address,
      mac: box.identity.mac,
      groups: ['demo'],
      os: 'linux',
      ssh: { host: box.ssh.host, port: box.ssh.port, user: 'root', 'host-key': 'first-use' },
      back: 'ssh',
      'reports-from': box.localAddress,
      channel: { console: CHANNEL },
    })),
    people: { alice: ['console:console:alice'], bob: ['console:console:bob'] },
    roles: { operator: { people: ['alice'] }, approver: { people: ['bob'] } },
    policy: {},
  });
}
