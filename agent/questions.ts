import { createHash } from 'node:crypto';
import { isPlaceholder } from '../src/contract/disk-match.ts';
import { canonicalJson, type PlanFacts } from '../src/contract/plan.ts';
import type { Question } from '../src/contract/report.ts';
import { type Choice, type Doubt, describeDisk, doubtKey, plannedDisk } from './disks.ts';

/** A question, and the doubts that a yes to it settles. */
export interface Asked {
  question: Question;
  settles: string[];
}

/** What people have said yes to. */
export interface Accepted {
  /** Ids of questions. */
  questions: Set<string>;
  /** Doubts (`doubtKey`) that those questions were about. */
  doubts: Set<string>;
}

/**
 * The next question that people must answer before the action may go on, one at a time:
 * each answer makes a new plan, and the machine is compared with it anew.
 */
export function nextQuestion(about: {
  plan: PlanFacts;
  attempt: number;
  uuid: string | null;
  choice: Choice;
  accepted: Accepted;
}): Asked | undefined {
  const { plan, choice, accepted } = about;
  const asked = [
    ...(plan.firstContact && plan.action === 'restore' ? [firstContact(about)] : []),
    ...uuidChanged(about),
    ...choice.doubts.filter((doubt) => !isSettled(doubt, accepted)).map((doubt) => diskDoubt(doubt, about)),
  ];
  return asked.find(({ question }) => !accepted.questions.has(question.id));
}

function isSettled(doubt: Doubt, accepted: Accepted): boolean {
  return accepted.doubts.has(doubtKey(plannedDisk(doubt.target)));
}

function firstContact(about: {
  plan: PlanFacts;
  attempt: number;
  uuid: string | null;
  choice: Choice;
}): Asked {
  const { plan, choice } = about;
  const facts: PlanFacts = {
    ...plan,
    firstContact: false,
    testbox: { ...plan.testbox, uuid: isPlaceholder(about.uuid) ? null : about.uuid },
    disks: choice.targets.map(plannedDisk),
  };
  return {
    question: question({
      kind: 'first-contact',
      slots: choice.targets.map(({ slot }) => slot),
      text: `${plan.testbox.name} has never been seen before. Overwrite ${slots(choice)}?`,
      before: 'nothing is recorded of this box',
      now: `UUID ${about.uuid ?? 'unknown'}; ${choice.targets.map(({ disk }) => describeDisk(disk)).join('; ')}`,
      plan,
      facts,
      attempt: about.attempt,
    }),
    settles: choice.targets.map((target) => doubtKey(plannedDisk(target))),
  };
}

function uuidChanged(about: { plan: PlanFacts; attempt: number; uuid: string | null }): Asked[] {
  const { plan } = about;
  const before = plan.testbox.uuid;
  if (before === null || isPlaceholder(before)) return [];
  if (about.uuid?.toLowerCase() === before.toLowerCase()) return [];
  const facts: PlanFacts = {
    ...plan,
    testbox: { ...plan.testbox, uuid: isPlaceholder(about.uuid) ? null : about.uuid },
  };
  return [
    {
      question: question({
        kind: 'uuid-changed',
        slots: [],
        text: `The machine at ${plan.testbox.address} is not the one that was recorded. Is it ${plan.testbox.name}?`,
        before: `UUID ${before}`,
        now: `UUID ${about.uuid ?? 'unknown'}`,
        plan,
        facts,
        attempt: about.attempt,
      }),
      settles: [],
    },
  ];
}

function diskDoubt(doubt: Doubt, about: { plan: PlanFacts; attempt: number }): Asked {
  const { plan } = about;
  const { target, planned } = doubt;
  const facts: PlanFacts = {
    ...plan,
    disks: plan.disks.map((disk) => (disk.slot === target.slot ? plannedDisk(target) : disk)),
  };
  return {
    question: question({
      kind: doubt.kind,
      slots: [target.slot],
      text: doubtText(doubt, plan),
      before: describeDisk(planned.disk),
      now: describeDisk(target.disk),
      plan,
      facts,
      attempt: about.attempt,
    }),
    settles: [doubtKey(plannedDisk(target))],
  };
}

function doubtText({ kind, target, why }: Doubt, { action }: PlanFacts): string {
  const { slot, disk } = target;
  if (kind === 'disk-doubtful') return `Is /dev/${disk.kernelName} the disk of ${slot}, although ${why}?`;
  const wish = action === 'restore' ? 'overwritten' : 'read';
  return `Another disk is in the place of ${slot}. May it be ${wish} (/dev/${disk.kernelName})?`;
}

function question(about: Omit<Question, 'id'> & { plan: PlanFacts; attempt: number }): Question {
  const { plan, attempt, ...shown } = about;
  const id = createHash('sha256')
    // Facts alone would give two questions about disks that only their names tell apart one id.
    .update(canonicalJson({ kind: shown.kind, slots: shown.slots, before: plan, now: shown.facts, attempt }))
    .digest('hex');
  return {
    ...shown,
    id,
    text: shown.text.slice(0, 1000),
    before: shown.before.slice(0, 1000),
    now: shown.now.slice(0, 1000),
  };
}

function slots(choice: Choice): string {
  return choice.targets.map(({ slot }) => slot).join(', ');
}
