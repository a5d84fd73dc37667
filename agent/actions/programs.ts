import type { Action } from '../../src/contract/action.ts';
import type { ActionProgram } from './action.ts';
import { backup } from './backup.ts';
import { restore } from './restore.ts';

/** The actions this agent can carry out. */
export const PROGRAMS: Partial<Record<Action, ActionProgram>> = {
  backup,
  'backup-again': backup,
  restore,
};
