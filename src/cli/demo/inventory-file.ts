import { stringify } from 'yaml';
import type { BoxSettings } from '../../lab/box-settings.ts';
import type { DemoChat } from './chat.ts';

/** The inventory of the demo's boxes and people, as `testboxes.yaml`. */
export function inventoryFile(
  boxes: readonly BoxSettings[],
  chat: Pick<DemoChat, 'channel' | 'accounts'>,
  rebootDeadline: string,
): string {
  const { channel, accounts } = chat;
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
      channel: { [channel.platform]: channel.id },
    })),
    people: { alice: [accounts.alice], bob: [accounts.bob] },
    roles: { operator: { people: ['alice'] }, approver: { people: ['bob'] } },
    policy: {},
  });
}
