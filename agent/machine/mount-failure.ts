import type { TestboxAddress } from '../../src/contract/address.ts';
import { Failure } from '../failure.ts';
import type { FstabEntry } from './fstab.ts';
import { type Outcome, saidBy } from './run-program.ts';

/** Why a mount did not come to be, by what the mount programs print. */
type MountProblem = 'not-exported' | 'away' | 'wrong-version' | 'no-client' | 'other';

const SIGNS: readonly (readonly [MountProblem, RegExp])[] = [
  // "Operation not permitted" is what a server's refusal of the client's credentials becomes.
  [
    'not-exported',
    /access denied by server|reason given by server|operation not permitted|special device .* does not exist/i,
  ],
  ['wrong-version', /requested NFS version or transport protocol is not supported|protocol not supported/i],
  [
    'no-client',
    /unknown filesystem type|helper program|no such device|program not found|there is no program "mount"/i,
  ],
  [
    'away',
    /connection refused|connection reset|timed out|no route to host|unreachable|host is down|failed to resolve|resource temporarily unavailable|did not come to an end|input\/output error|portmap/i,
  ],
];

function problemOf(outcome: Outcome): MountProblem {
  const said = saidBy(outcome, 'mount');
  return SIGNS.find(([, sign]) => sign.test(said))?.[0] ?? 'other';
}

/** The sentence with the next step. */
export function mountFailure(
  tried: Pick<FstabEntry, 'source'>,
  outcome: Outcome,
  address: TestboxAddress,
): Failure {
  const { server, directory } = sourceParts(tried.source);
  const said = saidBy(outcome, 'mount');
  switch (problemOf(outcome)) {
    case 'not-exported':
      return notExported(tried.source, address, said);
    case 'away':
      return storage(
        'share-away',
        `the storage server ${server} does not answer for ${directory}: ${said}. Look whether it and its NFS service run`,
      );
    case 'wrong-version':
      return storage(
        'share-version',
        `the storage server ${server} does not speak NFS as /etc/fstab of the maintenance system asks for it: ${said}. It has to serve NFS 4.1 over TCP`,
      );
    case 'no-client':
      return storage(
        'share-no-client',
        `the maintenance system can't mount NFS: ${said}. Build it again with "testbox nfsroot build"`,
      );
    case 'other':
      return storage('share-mount-failed', `${tried.source} can't be mounted: ${said}`);
  }
}

export function notExported(source: string, address: TestboxAddress, said: string): Failure {
  const { server, directory } = sourceParts(source);
  return storage(
    'share-not-exported',
    `the storage server ${server} does not export ${directory} to ${address}: ${said}. ` +
      `Look there for "${directory} ${address}(rw,…)" in /etc/exports (or the server's own configuration); "testbox storage init" writes it`,
  );
}

export function storage(code: string, message: string, cause?: unknown): Failure {
  return new Failure({ class: 'storage', code, message, ...(cause === undefined ? {} : { cause }) });
}

function sourceParts(source: string): { server: string; directory: string } {
  const [, server, directory] = /^([^/]+?):(\/.*)$/.exec(source) ?? [];
  return { server: server ?? 'localhost', directory: directory ?? source };
}
