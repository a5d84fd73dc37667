import type { JobId } from '../src/contract/ids.ts';
import { doubtKey } from './disks.ts';
import { journalBodies } from './journal.ts';
import type { Accepted } from './questions.ts';

/**
 * What people said yes to before the agent was started again in the same attempt. A yes has
 * changed the plan, so the question can't be made again to be recognized: the journal has it.
 */
export async function acceptedBefore(about: {
  boxDirectory: string;
  job: JobId;
  attempt: number;
  /** Ids of the questions that the bot knows to be accepted. */
  questions: readonly string[];
}): Promise<Accepted> {
  const questions = new Set(about.questions);
  const doubts = new Set<string>();
  for (const body of await journalBodies(about)) {
    if (body.type !== 'held' || !questions.has(body.question.id)) continue;
    const { facts, slots = [] } = body.question;
    for (const disk of facts.disks) if (slots.includes(disk.slot)) doubts.add(doubtKey(disk));
  }
  return { questions, doubts };
}
