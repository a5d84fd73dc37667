import type { ActionContext, ActionProgram } from './actions/action.ts';
import { readDiskList } from './box-directory.ts';
import { type Choice, chooseDisks, describeDisk, type Target } from './disks.ts';
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
  const choice = program.disks === 'none' ? NO_DISKS : await chooseTargets(context);
  await program.check(context, choice.targets);
  const asked = nextQuestion({ plan, attempt, uuid: machine.uuid, choice, accepted });
  if (asked !== undefined) return { kind: 'held', asked };
  for (const disk of choice.leftOut) {
    await context.log('info', `Left out ${describeDisk(disk)}: ${disk.unusable ?? 'not in the plan'}`);
  }
  return { kind: 'go', targets: choice.targets };
}

async function chooseTargets({ plan, machine, boxDirectory }: ActionContext): Promise<Choice> {
  const present = await machine.listDisks();
  const only = plan.firstContact ? await readDiskList(boxDirectory) : null;
  return chooseDisks(plan, present, only);
}
