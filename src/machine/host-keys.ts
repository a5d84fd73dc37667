import { createHash } from 'node:crypto';

/** `type base64`, as in a known_hosts line and in manifests. */
export type HostKey = string;

/** Turns the key that a server shows into its text form. The blob begins with its type's name. */
export function hostKeyText(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0;
  return `${blob.toString('latin1', 4, 4 + length)} ${blob.toString('base64')}`;
}

/** As OpenSSH shows it: `ED25519 SHA256:…`. */
export function fingerprint(key: HostKey): string {
  const [type = '', base64 = ''] = key.split(' ');
  const digest = createHash('sha256')
    .update(Buffer.from(base64, 'base64'))
    .digest('base64')
    .replace(/=+$/, '');
  return `${type.replace(/^ssh-|-nistp\d+$/g, '').toUpperCase()} SHA256:${digest}`;
}

const ALGORITHMS_OF_TYPE: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};
const ALL_ALGORITHMS = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;
export type HostKeyAlgorithm = (typeof ALL_ALGORITHMS)[number];

/**
 * Algorithms to offer, those of the known keys first: a server with several keys shows the
 * one of the first algorithm both know, and another type would look like another machine.
 */
export function hostKeyAlgorithms(known: readonly HostKey[]): HostKeyAlgorithm[] {
  const types = known.map((key) => key.split(' ', 1)[0] ?? '');
  const preferred = new Set(types.flatMap((type) => ALGORITHMS_OF_TYPE[type] ?? [type]));
  return [
    ...ALL_ALGORITHMS.filter((algorithm) => preferred.has(algorithm)),
    ...ALL_ALGORITHMS.filter((algorithm) => !preferred.has(algorithm)),
  ];
}
