import { knownHostKeys, knownHostsName } from '../../machine/known-hosts.ts';
import { type Check, NEEDS_ENVIRONMENT, NEEDS_INVENTORY, todoOr } from './check.ts';

/** Of boxes whose key has to be in known_hosts: the others' is pinned at the first contact. */
export const hostKeys: Check = {
  name: 'host keys',
  async run({ config, testboxes }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    if (testboxes === null) return NEEDS_INVENTORY;
    const file = config.sshKnownHostsFile;
    const todo: string[] = [];
    const listed = testboxes.filter(({ ssh }) => ssh.hostKey === 'known-hosts');
    for (const { name, ssh } of listed) {
      const found = await knownHostKeys({ host: ssh.host, port: ssh.port, file });
      if (found.kind === 'unreadable') return { kind: 'fix', todo: [`${found.why}: put that right`] };
      if (found.keys.length > 0) continue;
      todo.push(
        `add the host key of ${name} (${knownHostsName(ssh)}) to ${file}; check its fingerprint first`,
      );
    }
    const pinned = testboxes.length - listed.length;
    return todoOr(`${listed.length} known, ${pinned} pinned at the first contact`, todo);
  },
};
