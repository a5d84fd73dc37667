import type { StorageSettings } from '../settings.ts';
import { type Configuration, comment, configuration, origin } from './lines.ts';

/** For labs whose TFTP server isn't dnsmasq. */
export function renderTftpdHpa(settings: StorageSettings): Configuration {
  const { areas, serverAddress } = settings;
  return configuration('tftpd-hpa', [
    ...comment(
      'TFTP by tftpd-hpa, where dnsmasq does not do it: one TFTP server is enough. Copy to /etc/default/tftpd-hpa, then run `systemctl restart tftpd-hpa`.',
    ),
    ...origin(settings),
    '',
    'TFTP_USERNAME="tftp"',
    `TFTP_DIRECTORY="${areas.tftpRoot}"`,
    `TFTP_ADDRESS="${serverAddress ?? '0.0.0.0'}:69"`,
    ...comment('Below the directory only, and with packets that fit into an Ethernet frame.'),
    'TFTP_OPTIONS="--secure --blocksize 1468"',
  ]);
}
