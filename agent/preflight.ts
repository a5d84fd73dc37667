import type { Disk, DiskSlot } from '../src/contract/disk.ts';
import type { PlanFacts } from '../src/contract/plan.ts';
import type { ActionContext, ActionProgram } from './actions/action.ts';
import { readDiskList } from './box-directory.ts';
import { type Choice, chooseDisks, describeDisk, type Target } from './disks.ts';
import { Failure } from './failure.ts';
import { type Accepted, type Asked, nextQuestion } from './questions.ts';

export type Preflight = { kind: 'go'; targets: Target[] } | { kind: 'held'; asked: Asked };

const NO_DISKS: Choice = { targets: [], doubts: [], leftOut: [] };

/**
 * Holds the plan against the real machine, before anything is written or published. What
 * can't work is refused first, so that nobody is asked about it.
 *
 * @throws Failure for what can't work
 */
export async function preflight(
  context: ActionContext,
  program: ActionProgram,
  accepted: Accepted,
): Promise<Preflight> {
  const { plan, machine, attempt } = context;
  const choice = program.disks === 'none' ? NO_DISKS : await choosePatiently(context);
  await program.check(context, choice.targets);
  const asked = nextQuestion({ plan, attempt, uuid: machine.uuid, choice, accepted });
  if (asked !== undefined) return { kind: 'held', asked };
  for (const disk of choice.leftOut) {
    await context.log('info', `Left out ${describeDisk(disk)}: ${disk.unusable ?? 'not in the plan'}`);
  }
  return { kind: 'go', targets: choice.targets };
}

/** Some controllers show their disks minutes after the kernel has come up: a missing one is waited for. */
async function choosePatiently(context: ActionContext): Promise<Choice> {
  const { plan, machine, clock, timing } = context;
  const { stop } = context.report;
  const only = plan.firstContact ? await readDiskList(context.boxDirectory) : null;
  const since = clock.elapsed();
  let said = false;
  for (;;) {
    stop.throwIfAborted();
    const outcome = choose(plan, await machine.listDisks(), only);
    if (outcome.missing === null || clock.elapsed() - since >= timing.missingDiskMs) {
      if (outcome.kind === 'refused') throw outcome.failure;
      return outcome.choice;
    }
    if (!said) {
      const limit = Math.ceil(timing.missingDiskMs / 1000);
      await context.log('info', `${outcome.missing}; waiting for it, ${limit} s at most`);
    }
    said = true;
    await clock.sleep(timing.lookAgainMs, stop);
  }
}

/** What could be chosen now, and what might come by waiting. */
type Outcome =
  | { kind: 'chosen'; choice: Choice; missing: string | null }
  | { kind: 'refused'; failure: Failure; missing: string | null };

function choose(plan: PlanFacts, present: readonly Disk[], only: readonly DiskSlot[] | null): Outcome {
  try {
    const choice = chooseDisks(plan, present, only);
    const usable = present.filter(({ unusable }) => unusable === null).length;
    // With fewer disks than planned, one that stands in another's place may be just early.
    const early = choice.doubts.length > 0 && usable < plan.disks.length;
    return { kind: 'chosen', choice, missing: early ? 'not all disks of the plan are there' : null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const waits = error.code === 'disk-missing' || error.code === 'no-disks';
    return { kind: 'refused', failure: error, missing: waits ? error.message : null };
  }
}
