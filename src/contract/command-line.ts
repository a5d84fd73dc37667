import { Action } from './action.ts';
import { JobId, Nonce } from './ids.ts';

export const ACTION_WORD = 'testbox-action-';
export const JOB_WORD = 'testbox.job=';
export const NONCE_WORD = 'testbox.nonce=';

/** What the kernel command line asks of the agent. */
export type Orders =
  | { kind: 'job'; action: Action; job: JobId; nonce: Nonce }
  /** The seed's way: an action without a job. */
  | { kind: 'jobless'; action: Action }
  | { kind: 'none'; why: string };

/**
 * Reads `/proc/cmdline` or the words of an APPEND line. The last word of a kind counts, as
 * in the original. A job word that can't be read is never taken for a jobless file.
 */
export function readOrders(commandLine: string): Orders {
  const words = commandLine.split(/\s+/).filter((word) => word !== '');
  const last = (prefix: string) => words.findLast((word) => word.startsWith(prefix))?.slice(prefix.length);
  const actionWord = last(ACTION_WORD);
  if (actionWord === undefined)
    return { kind: 'none', why: `no ${ACTION_WORD}<action> on the kernel command line` };
  const action = Action.safeParse(actionWord);
  if (!action.success) return { kind: 'none', why: `unknown action "${actionWord}"` };
  const jobWord = last(JOB_WORD);
  const nonceWord = last(NONCE_WORD);
  if (jobWord === undefined && nonceWord === undefined) return { kind: 'jobless', action: action.data };
  const job = JobId.safeParse(jobWord);
  const nonce = Nonce.safeParse(nonceWord);
  if (!job.success || !nonce.success) {
    return { kind: 'none', why: `${JOB_WORD} or ${NONCE_WORD} is missing or malformed` };
  }
  return { kind: 'job', action: action.data, job: job.data, nonce: nonce.data };
}
