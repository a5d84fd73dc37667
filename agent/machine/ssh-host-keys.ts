import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Ed25519 first: it is the key that today's clients ask for. */
const FILE_ORDER = ['ed25519', 'ecdsa', 'rsa'];

/** Fingerprints of the SSH server's host keys, as `ssh` shows them; empty when there are none yet. */
export async function hostKeyFingerprints(folder: string): Promise<string[]> {
  const names = (await readdir(folder).catch((): string[] => [])).filter((name) =>
    /^ssh_host_[a-z0-9]+_key\.pub$/.test(name),
  );
  names.sort((a, b) => rank(a) - rank(b));
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.map(fingerprintOf).filter((fingerprint) => fingerprint !== null);
}

/** Of one line `<type> <base64> [comment]`; null for anything else, such as a file that is being written. */
export function fingerprintOf(text: string): string | null {
  const [type, base64 = ''] = text.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  const [first, ...others] = fieldsOf(blob);
  if (first === undefined || others.length === 0 || first.toString('latin1') !== type) return null;
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

/** A key is fields, each behind its length; empty when they don't fill it exactly. */
function fieldsOf(blob: Buffer): Buffer[] {
  const fields: Buffer[] = [];
  let at = 0;
  while (at + 4 <= blob.length) {
    const end = at + 4 + blob.readUInt32BE(at);
    fields.push(blob.subarray(at + 4, end));
    at = end;
  }
  return at === blob.length ? fields : [];
}

function rank(name: string): number {
  const position = FILE_ORDER.findIndex((type) => name.includes(`_${type}_`));
  return position === -1 ? FILE_ORDER.length : position;
}
