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

  /**
   * Resolves when it answers.
   *
   * @param edit what somebody does to its configuration
   */
  async start(edit: (configuration: string) => string = (text) => text): Promise<void> {
    const from = this.log.length;
    const written = await this.#enclosure.must({ argv: ['cat', `${OUTPUT}/ganesha.conf`] });
    await putInPlace(this.#enclosure, edit(written), GANESHA_CONFIG);
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
  const written = await enclosure.must({ argv: ['cat', `${OUTPUT}/dnsmasq.conf`] });
  await putInPlace(enclosure, written, DNSMASQ_CONFIG);
  const argv = ['dnsmasq', '--keep-in-foreground', `--conf-file=${DNSMASQ_CONFIG}`] as const;
  enclosure.start({ argv: [...argv, '--log-facility=-', '--log-dhcp', '--user=root'] }, log);
  await log.untilLine(/started, version/);
}

async function putInPlace(enclosure: Enclosure, input: string, path: string): Promise<void> {
  await enclosure.must({ argv: ['sh', '-euc', 'mkdir -p "$(dirname "$1")"; cat >"$1"', 'put', path], input });
}
