import type { Machine } from './machine.ts';

/** How people get onto this machine: the command, and what its host key must say. */
export async function howToLogIn({ address, sshFingerprints }: Machine): Promise<string> {
  const keys = (await sshFingerprints?.()) ?? [];
  return `ssh root@${address}${keys.length === 0 ? '' : `, host key ${keys.join(' or ')}`}`;
}
