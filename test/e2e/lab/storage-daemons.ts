import type { Enclosure, Running } from './enclosure.ts';
import type { LineLog } from './line-log.ts';
import { PLACES } from './settings.ts';

const OUTPUT = `${PLACES.settings}/storage`;
const GANESHA_CONFIG = '/etc/ganesha/ganesha.conf';
const DNSMASQ_CONFIG = '/etc/dnsmasq.d/testbox.conf';

/** nfs-ganesha, with the configuration that `testbox storage init` wrote. */
export class NfsServer {
  readonly log: LineLog;
  readonly #enclosure: Enclosure;
  #running: Running | null = null;

  constructor(enclosure: Enclosure, log: LineLog) {
    this.#enclosure = enclosure;
    this.log = log;
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const from = this.log.length;
    await putInPlace(this.#enclosure, `${OUTPUT}/ganesha.conf`, GANESHA_CONFIG);
    await this.#enclosure.must({ argv: ['mkdir', '-p', '/run/ganesha', '/var/lib/nfs/ganesha'] });
    const argv = ['ganesha.nfsd', '-F', '-f', GANESHA_CONFIG, '-L', 'STDERR', '-N', 'NIV_EVENT'] as const;
    this.#running = this.#enclosure.start({ argv: [...argv] }, this.log);
    await this.log.untilLine(/NFS SERVER INITIALIZED/, { from });
  }

  /** As a crash or the server's own power cut: clients wait until it is back. */
  async kill(): Promise<void> {
    this.#running?.kill('SIGKILL');
    await this.#running?.ended;
    this.#running = null;
    this.log.note('killed');
  }
}

/** dnsmasq, for DHCP and TFTP. */
export async function startDnsmasq(enclosure: Enclosure, log: LineLog): Promise<void> {
  await putInPlace(enclosure, `${OUTPUT}/dnsmasq.conf`, DNSMASQ_CONFIG);
  const argv = ['dnsmasq', '--keep-in-foreground', `--conf-file=${DNSMASQ_CONFIG}`] as const;
  enclosure.start({ argv: [...argv, '--log-facility=-', '--log-dhcp', '--user=root'] }, log);
  await log.untilLine(/started, version/);
}

async function putInPlace(enclosure: Enclosure, from: string, to: string): Promise<void> {
  await enclosure.must({ argv: ['sh', '-euc', 'mkdir -p "$(dirname "$2")"; cp "$1" "$2"', 'put', from, to] });
}
