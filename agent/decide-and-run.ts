import type { PlanFacts } from '../src/contract/plan.ts';
import type { ActionContext, ActionProgram, ActionResult } from './actions/action.ts';
import { refreshInfoBeside } from './actions/refresh-info.ts';
import { preflight } from './preflight.ts';
import type { Accepted, Asked } from './questions.ts';

/** Who answers when the machine is not quite what the plan says. */
export interface People {
  /** What they have said yes to before this run. */
  accepted: Accepted;
  /** Gives the plan that was accepted. @throws when it won't be */
  ask(asked: Asked): Promise<PlanFacts>;
}

/**
 * Asks as often as the machine differs from the plan, then acts.
 *
 * @throws Failure, or the stop signal's reason
 */
export async function decideAndRun(
  context: ActionContext,
  program: ActionProgram,
  people: People,
): Promise<ActionResult> {
  const accepted: Accepted = {
    questions: new Set(people.accepted.questions),
    doubts: new Set(people.accepted.doubts),
  };
  let plan = context.plan;
  for (;;) {
    context.report.stop.throwIfAborted();
    const planned = { ...context, plan };
    const outcome = await preflight(planned, program, accepted);
    if (outcome.kind === 'go') {
      await refreshInfoBeside(planned);
      return await program.run(planned, outcome.targets);
    }
    const { question, settles } = outcome.asked;
    plan = await people.ask(outcome.asked);
    accepted.questions.add(question.id);
    for (const doubt of settles) accepted.doubts.add(doubt);
  }
}
