import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { capturesImages } from '../../src/contract/action.ts';
import { INFO_TEXT } from '../../src/contract/share-layout.ts';
import { describeError } from '../failure.ts';
import { writeInfo } from '../info.ts';
import type { ActionContext, ActionProgram } from './action.ts';

/** `refresh-info`: writes the box's inventory, and nothing else. */
export const refreshInfo: ActionProgram = {
  disks: 'none',
  async check() {},
  async run(context) {
    await writeInfo({ ...context, now: context.clock.now() });
    await context.log('info', `Wrote ${INFO_TEXT}`);
    return { generation: null, disks: [] };
  },
};

/**
 * The inventory that other actions write beside their work: backups always, a restore when
 * there is none. It is never a reason for the action to fail.
 */
export async function refreshInfoBeside(context: ActionContext): Promise<void> {
  const { action } = context.plan;
  if (action === 'refresh-info' || action === 'rescue') return;
  const missing = await access(join(context.boxDirectory, INFO_TEXT)).then(
    () => false,
    () => true,
  );
  if (!capturesImages(action) && !missing) return;
  try {
    await writeInfo({ ...context, now: context.clock.now() });
  } catch (error) {
    await context.log('warn', `${INFO_TEXT} could not be written: ${describeError(error)}`);
  }
}
