import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startSshServer } from '../../../agent/machine/ssh-server.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'testbox-ssh-server-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function serviceManager(body: string): Promise<void> {
  const path = join(folder, 'systemctl');
  await writeFile(path, `#!/bin/sh\necho "$*" >> ${folder}/called\n${body}\n`);
  await chmod(path, 0o755);
}

it('is started by the service manager', async () => {
  await serviceManager('exit 0');

  await startSshServer(folder);

  expect(await readFile(join(folder, 'called'), 'utf8')).toBe('start ssh.service\n');
});

it('tells what the service manager says when it does not start', async () => {
  await serviceManager('echo "Job for ssh.service failed." >&2; exit 1');

  await expect(startSshServer(folder)).rejects.toThrow('Job for ssh.service failed.');
});

it('says that there is no service manager', async () => {
  await expect(startSshServer(folder)).rejects.toThrow(/no program "systemctl"/);
});
