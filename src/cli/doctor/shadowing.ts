import { type Check, NEEDS_ENVIRONMENT, NEEDS_INVENTORY, todoOr } from './check.ts';

/** Files that PXELINUX finds before those of the bot: its jobs would never start. */
export const shadowing: Check = {
  name: 'boot configs',
  async run({ share, testboxes }) {
    if (share === null) return NEEDS_ENVIRONMENT;
    if (testboxes === null) return NEEDS_INVENTORY;
    const found = new Set<string>();
    for (const testbox of testboxes) {
      for (const name of await share.shadowingBootConfigs(testbox)) found.add(name);
    }
    const todo = [...found].map(
      (name) => `move ${name} away, if a testbox uses it: PXELINUX finds it before the bot's file`,
    );
    return todoOr('none comes before those of the bot', todo);
  },
};
