import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { HostKey } from './host-keys.ts';

const TIMEOUT_MS = 5_000;
const run = promisify(execFile);

export type KnownHosts =
  | { kind: 'known'; keys: HostKey[]; revoked: HostKey[] }
  /** The file can't be asked. */
  | { kind: 'unreadable'; why: string };

/** `[host]:port` unless the port is 22, as known_hosts has it. */
export function knownHostsName({ host, port }: { host: string; port: number }): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/**
 * The keys that a known_hosts file has for a host. `ssh-keygen` is asked, as it knows about
 * hashed names; certificate authorities are left out, their certificates aren't understood here.
 */
export async function knownHostKeys(place: {
  host: string;
  port: number;
  file: string;
}): Promise<KnownHosts> {
  const name = knownHostsName(place);
  try {
    const { stdout } = await run('ssh-keygen', ['-F', name, '-f', place.file], { timeout: TIMEOUT_MS });
    return parseFound(stdout);
  } catch (error) {
    // https://man.openbsd.org/ssh-keygen: 1 without output is "not found".
    if (isExit(error, 1) && error.stderr === '') return { kind: 'known', keys: [], revoked: [] };
    if (isExit(error, 'ENOENT'))
      return { kind: 'unreadable', why: 'the program ssh-keygen is not installed' };
    const detail = isExit(error, 255) || isExit(error, 1) ? error.stderr.trim() : String(error);
    return { kind: 'unreadable', why: `ssh-keygen can't read ${place.file} (${detail})` };
  }
}

function parseFound(stdout: string): KnownHosts {
  const keys: HostKey[] = [];
  const revoked: HostKey[] = [];
  for (const line of stdout.split('\n')) {
    if (line.startsWith('#') || line.startsWith('@cert-authority')) continue;
    const fields = line.split(/\s+/);
    const isRevoked = fields[0] === '@revoked';
    const [, type, base64] = isRevoked ? fields.slice(1) : fields;
    if (type !== undefined && base64 !== undefined) (isRevoked ? revoked : keys).push(`${type} ${base64}`);
  }
  return { kind: 'known', keys, revoked };
}

function isExit(error: unknown, code: number | string): error is Error & { stderr: string } {
  return error instanceof Error && 'code' in error && error.code === code && 'stderr' in error;
}
