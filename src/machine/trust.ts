import type { HostKeyPins } from '../app/ports.ts';
import type { SshAccess } from '../domain/testbox.ts';
import { fingerprint, type HostKey } from './host-keys.ts';
import { knownHostKeys, knownHostsName } from './known-hosts.ts';

/** Which keys a box may show. */
export type Trust =
  | {
      kind: 'keys';
      keys: readonly HostKey[];
      /** No key is known yet and the inventory lets the first one be pinned. */
      firstUse: boolean;
      /** Tells why a key isn't trusted. */
      explain(shown: HostKey): string;
      /** The box's own system has shown this one. */
      seen(shown: HostKey): Promise<void>;
    }
  | { kind: 'unknown'; why: string };

export interface TrustSources {
  knownHostsFile: string;
  pins: HostKeyPins;
}

/**
 * @param trusted keys that count beside the box's known ones: a restore brings back the key
 *   that the image was taken with
 */
export async function trustFor(
  access: SshAccess,
  { trusted, sources }: { trusted: readonly HostKey[]; sources: TrustSources },
): Promise<Trust> {
  return access.hostKey === 'first-use'
    ? pinned(access, { trusted, sources })
    : fromKnownHosts(access, { trusted, sources });
}

/**
 * The name under which the key is kept that a restore has brought to a box of the known_hosts file: the
 * file isn't the bot's to change.
 */
export function restoredPlace(access: SshAccess): string {
  return `restored ${pinPlace(access)}`;
}

/** The name under which a box's key is pinned. */
export function pinPlace({ host, port }: SshAccess): string {
  return `${host}:${port}`;
}

interface Context {
  trusted: readonly HostKey[];
  sources: TrustSources;
}

async function pinned(access: SshAccess, { trusted, sources }: Context): Promise<Trust> {
  const pin = await sources.pins.pinned(pinPlace(access));
  return {
    kind: 'keys',
    keys: pin === null ? trusted : [pin, ...trusted],
    firstUse: pin === null,
    explain: (shown) =>
      `${different(shown, pin === null ? [] : [pin])}. If its keys were made anew, \`testbox host-keys forget <box>\` on the server lets the next one be pinned`,
    seen: async () => {},
  };
}

async function fromKnownHosts(access: SshAccess, { trusted, sources }: Context): Promise<Trust> {
  const file = sources.knownHostsFile;
  const found = await knownHostKeys({ host: access.host, port: access.port, file });
  if (found.kind === 'unreadable') return { kind: 'unknown', why: found.why };
  const { revoked } = found;
  const place = restoredPlace(access);
  const restored = await sources.pins.pinned(place);
  const known = restored === null ? found.keys : [...found.keys, restored];
  const keys = [...known, ...trusted].filter((key) => !revoked.includes(key));
  const name = knownHostsName(access);
  if (keys.length === 0) {
    return { kind: 'unknown', why: `${file} has no host key of ${name}: check and add the box's key` };
  }
  return {
    kind: 'keys',
    keys,
    firstUse: false,
    explain: (shown) =>
      revoked.includes(shown)
        ? `its host key ${fingerprint(shown)} is revoked`
        : `${different(shown, keys)}. If its keys were made anew, check the new one and put it into ${file}`,
    // A box that has a listed key again has no more use for the other.
    seen: async (shown) => {
      if (restored !== null && restored !== shown && found.keys.includes(shown))
        await sources.pins.forget(place);
    },
  };
}

function different(shown: HostKey, known: readonly HostKey[]): string {
  const expected = known.length === 0 ? 'none is known' : `known is ${known.map(fingerprint).join(', ')}`;
  return `it shows another host key: ${fingerprint(shown)}, but ${expected}`;
}
