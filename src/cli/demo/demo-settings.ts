import { TestboxAddress } from '../../contract/address.ts';
import type { BoxModel } from '../../lab/create-box.ts';

/** Linux has the whole of 127.0.0.0/8 on its loopback; elsewhere there is only the one address. */
const OWN_ADDRESSES = process.platform === 'linux';

export const BOXES: readonly BoxModel[] = [
  {
    name: 'pluto',
    address: TestboxAddress.parse('10.40.41.42'),
    uuid: '7e57b0c5-0000-4000-8000-000000000042',
    mac: '52:54:00:00:00:42',
    host: OWN_ADDRESSES ? '127.40.41.42' : '127.0.0.1',
  },
  {
    name: 'venus',
    address: TestboxAddress.parse('10.40.41.43'),
    uuid: '7e57b0c5-0000-4000-8000-000000000043',
    mac: '52:54:00:00:00:43',
    host: OWN_ADDRESSES ? '127.40.41.43' : '127.0.0.1',
  },
];

/** Of a box, as a person would wait for it, and as a script should not. */
export const SELF_TEST_MS = { watched: 1_500, scripted: 200 };
export const REBOOT_DELAY_MS = 200;
/** Nobody who looks on waits two minutes for a box that they broke themselves. */
export const REBOOT_DEADLINE = '5s';
/** What systemd's RestartSec gives a crashed agent. */
export const AGENT_RESTART_MS = 1_000;
/** Slow enough that a person sees the bars move: 512 MiB in about ten seconds. */
export const WATCHED_BYTES_PER_SECOND = 48_000_000;
