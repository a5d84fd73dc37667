import { readFile, stat } from 'node:fs/promises';
import { type Check, NEEDS_ENVIRONMENT } from './check.ts';

const OTHERS = 0o077;

export const sshKey: Check = {
  name: 'SSH key',
  async run({ config }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    const { sshKeyFile: file } = config;
    if (file === null) {
      return { kind: 'fix', todo: ['set TESTBOX_SSH_KEY to the key that may reboot the testboxes'] };
    }
    try {
      await readFile(file);
    } catch (error) {
      return { kind: 'fix', todo: [`let the bot's user read ${file} (${String(error)})`] };
    }
    const { mode } = await stat(file);
    if ((mode & OTHERS) === 0) return { kind: 'ok', detail: file };
    return { kind: 'fix', todo: [`keep the key to the bot's user: chmod 600 ${file}`] };
  },
};
