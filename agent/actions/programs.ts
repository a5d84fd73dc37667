import type { Action } from '../../src/contract/action.ts';
import type { ActionProgram } from './action.ts';
import { backup } from './backup.ts';
import { refreshInfo } from './refresh-info.ts';
import { restore } from './restore.ts';

/** What is done by each action; a rescue does nothing. */
export const PROGRAMS: Record<Exclude<Action, 'rescue'>, ActionProgram> = {
  backup,
  'backup-again': backup,
  restore,
  'refresh-info': refreshInfo,
};
