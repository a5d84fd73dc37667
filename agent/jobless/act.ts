import type { Action } from '../../src/contract/action.ts';
import { capturesImages } from '../../src/contract/action.ts';
import { JobId } from '../../src/contract/ids.ts';
import type { ActionContext } from '../actions/action.ts';
import { PROGRAMS } from '../actions/programs.ts';
import { readDiskList } from '../box-directory.ts';
import { decideAndRun } from '../decide-and-run.ts';
import { doubtKey } from '../disks.ts';
import { shareFiles } from '../durable.ts';
import { Failure } from '../failure.ts';
import { withPool } from '../imaging/worker-pool.ts';
import type { MaintainDeps } from '../maintain.ts';
import type { Asked } from '../questions.ts';
import { localReport } from './local-report.ts';
import type { JoblessLogs } from './logs.ts';
import type { OwnBootConfig } from './own-boot-config.ts';
import { type PlanningPlace, planForItself } from './plan.ts';
import { type JoblessState, saveJoblessState } from './state.ts';

const JOB_LETTERS = '0123456789abcdefghjkmnpqrstvwxyz';

/** One attempt at a boot config without a job. */
export interface JoblessAttempt {
  deps: MaintainDeps;
  action: Exclude<Action, 'rescue'>;
  boxDirectory: string;
  own: OwnBootConfig;
  /** As saved; `dirty` follows what happens. */
  state: JoblessState;
  logs: JoblessLogs;
}

/** Plans for itself and acts. @throws Failure */
export async function actWithoutJob(attempt: JoblessAttempt): Promise<void> {
  const { deps, action, boxDirectory, state, logs } = attempt;
  requireWholeDisks(attempt);
  const { machine } = deps;
  const list = await readDiskList(boxDirectory);
  const { currentGeneration } = state;
  const place = { machine, boxDirectory, action, bootConfig: attempt.own.text, currentGeneration, list };
  const plan = await planForItself(place);
  await withPool({ entry: deps.workerEntry, ...deps.workers }, async (pool) => {
    const context: ActionContext = {
      machine,
      clock: deps.clock,
      timing: deps.timing,
      plan,
      job: jobIdFor(attempt.own.key),
      attempt: state.attempts,
      settings: { codec: 'gzip', hostKeys: [], shutdown: 'unknown' },
      boxDirectory,
      files: shareFiles,
      agentVersion: deps.agentVersion,
      report: localReport({
        ...deps,
        stop: deps.ended,
        setDirty: (slot, dirty) => mark(attempt, slot, dirty),
      }),
      pool,
      keepFreeBytes: deps.keepFreeBytes,
      dirtyBefore: new Set(state.dirty),
      log: async (level, message) => logs.note(level, message),
    };
    // Reading the wrong disk loses nothing, so there the kernel's names are good enough.
    const doubts = capturesImages(action) ? plan.disks.map(doubtKey) : [];
    await decideAndRun(context, PROGRAMS[action], {
      accepted: { questions: new Set(), doubts: new Set(doubts) },
      ask: async (asked) => answer(asked, place),
    });
  });
  requireNoneLeft(attempt);
}

/** Nobody is there to ask: only a disk that people named in `disk-devices.lst` is theirs to overwrite. */
function answer({ question }: Asked, { list }: PlanningPlace) {
  const named = (question.slots ?? []).every((slot) => list?.includes(slot));
  if (named && (question.slots?.length ?? 0) > 0) return question.facts;
  throw new Failure({
    class: 'operator',
    code: 'needs-a-person',
    message: `${question.text} Before: ${question.before}. Now: ${question.now}. Name the disk in disk-devices.lst if it is`,
  });
}

/** A half-written disk is good for nothing but its restore. */
function requireWholeDisks({ action, state }: JoblessAttempt): void {
  if (state.dirty.length > 0 && action !== 'restore') throw halfWritten(state);
}

function requireNoneLeft({ state }: JoblessAttempt): void {
  if (state.dirty.length > 0) throw halfWritten(state);
}

function halfWritten({ dirty }: JoblessState): Failure {
  return new Failure({
    class: 'operator',
    code: 'disk-half-written',
    message: `${dirty.join(', ')} is half-written by a restore that did not end`,
  });
}

async function mark({ boxDirectory, state }: JoblessAttempt, slot: string, dirty: boolean): Promise<void> {
  const others = state.dirty.filter((other) => other !== slot);
  state.dirty = dirty ? [...others, slot] : others;
  await saveJoblessState(boxDirectory, shareFiles, state);
}

/** The same for every boot by one boot config, so that a later one knows the work of an earlier one. */
function jobIdFor(key: string): JobId {
  const letters = Array.from({ length: 8 }, (_unused, position) =>
    JOB_LETTERS.charAt(Number.parseInt(key.slice(position * 2, position * 2 + 2), 16) % JOB_LETTERS.length),
  );
  return JobId.parse(letters.join(''));
}
