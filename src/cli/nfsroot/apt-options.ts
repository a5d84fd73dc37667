import { runTool } from './run-tool.ts';

/** mmdebstrap reads nothing of the machine's own apt: what it takes to reach the mirror is passed on. */
const PASSED =
  /^Acquire::(?:(?:http|https|ftp)::(?:Proxy|Proxy-Auto-Detect|ProxyAutoDetect|CaInfo|CaPath|Verify-Peer|Verify-Host|Timeout)(?:::[^ ]*)?|Check-Valid-Until|Check-Date|ForceIPv4|ForceIPv6|Retries) "[^"]+";$/i;

/** As lines of an apt.conf. */
export async function machineAptOptions(): Promise<string[]> {
  return passedOptions(await runTool('apt-config', ['dump']));
}

/** Of what `apt-config dump` says. */
export function passedOptions(dump: string): string[] {
  return dump.split('\n').filter((line) => PASSED.test(line));
}
