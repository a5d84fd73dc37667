import { type Check, NEEDS_ENVIRONMENT } from './check.ts';

const GIBIBYTE = 1024 ** 3;
/** What the agent keeps free: below it no backup starts. */
const KEPT_FREE_BYTES = GIBIBYTE;

export const backupRoot: Check = {
  name: 'backup share',
  async run({ config, share }) {
    if (config === null || share === null) return NEEDS_ENVIRONMENT;
    const { problems, freeBytes } = await share.checkBackup();
    const free = freeBytes === null ? 'unknown space' : `${(freeBytes / GIBIBYTE).toFixed(1)} GiB`;
    const isFull = freeBytes !== null && freeBytes < KEPT_FREE_BYTES;
    const todo = [...problems, ...(isFull ? [`make room on ${config.backupRoot}: ${free} are free`] : [])];
    return todo.length > 0
      ? { kind: 'fix', todo }
      : { kind: 'ok', detail: `${config.backupRoot}, ${free} free` };
  },
};
