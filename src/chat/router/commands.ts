import type { App } from '../../app/app.ts';
import type { Decision } from '../../app/decision.ts';
import { findTestbox } from '../../app/find-testbox.ts';
import { viewFleet } from '../../app/home.ts';
import { lockBox, unlockBox } from '../../app/lock.ts';
import { viewBox } from '../../app/look.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { rolesOf } from '../../domain/access.ts';
import type { Command } from '../../domain/command.ts';
import { type BoxWord, commandEntry } from '../../domain/command-table.ts';
import type { Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { lockText, noRoleText, unknownBoxText } from '../answer-text.ts';
import { message, words } from '../message.ts';
import type { ChatMessage, InboundCommand } from '../platform.ts';
import { historyOf, imagesText, infoOf } from './box-text.ts';
import { runDecision } from './decisions.ts';
import { helpText } from './help-text.ts';
import { fleetLine } from './home-text.ts';
import { imagesProblem } from './image-text.ts';
import type { RouterParts } from './parts.ts';
import { answerRequest } from './request-answer.ts';
import { boxStatus, fleetStatus } from './status.ts';
import { answerVerify } from './verify-text.ts';
import { whoText } from './who-text.ts';

/** What somebody typed, and the job it is about when it was typed in a thread without a box. */
export type TypedCommand = InboundCommand & { threadJob: Job | null };

/** Runs a parsed command and answers privately. */
export async function runCommand(parts: RouterParts, command: Command, inbound: TypedCommand): Promise<void> {
  const { app } = parts;
  const { person, answers } = inbound;
  const roles = rolesOf(person, app.inventory.access());
  switch (command.kind) {
    case 'action':
      return answerRequest(app, inbound, command);
    case 'help':
      return answers.answer(helpText(roles, command.word));
    case 'whoami':
      return answers.answer(message(whoText(app, person)));
    case 'list':
      return answers.answer(roles.has('viewer') ? await list(parts) : words(noRoleText('viewer')));
    case 'status':
      return answers.answer(
        roles.has('viewer') ? await status(app, command.box, inbound) : words(noRoleText('viewer')),
      );
    case 'box':
      return aboutBox(app, command, inbound);
    default:
      return assertNever(command);
  }
}

function status(app: App, box: string | null, inbound: InboundCommand): Promise<ChatMessage> {
  return box === null ? fleetStatus(app, inbound.person) : boxStatus(app, box, inbound);
}

async function list({ app, images }: RouterParts): Promise<ChatMessage> {
  const boxes = await viewFleet(app, images);
  if (boxes.length === 0) return words('The inventory has no boxes yet.');
  const problem = imagesProblem(boxes);
  const now = app.clock.now();
  return message({
    text: boxes.length === 1 ? '1 box' : `${boxes.length} boxes`,
    lines: [...(problem === null ? [] : [`⚠ ${problem}`]), ...boxes.map((found) => fleetLine(found, now))],
  });
}

type BoxCommand = Extract<Command, { kind: 'box' }>;

/** The decisions that may be typed. */
const DECISIONS = {
  cancel: { kind: 'cancel', despiteDirty: false },
  retry: { kind: 'retry' },
  release: { kind: 'release' },
} as const satisfies Partial<Record<BoxWord, Decision>>;
type DecisionWord = keyof typeof DECISIONS;

async function aboutBox(app: App, command: BoxCommand, inbound: TypedCommand): Promise<void> {
  const { person, answers } = inbound;
  const { word, reason } = command;
  const needs = commandEntry(word)?.needs ?? null;
  if (needs !== null && !rolesOf(person, app.inventory.access()).has(needs))
    return answers.answer(words(noRoleText(needs)));
  if (isDecision(word)) return decideOn(app, { word, box: command.box }, inbound);
  const testbox = findTestbox(app, command.box);
  if ('kind' in testbox) return answers.answer(words(unknownBoxText(testbox)));
  if (word === 'verify') return answerVerify(app, testbox, inbound);
  return answers.answer(await boxAnswer(app, { word, testbox, reason, person }));
}

function isDecision(word: BoxWord): word is DecisionWord {
  return word in DECISIONS;
}

/** On the job of the thread, whatever became of it and its box; else on the one that has the box. */
async function decideOn(
  app: App,
  { word, box }: { word: DecisionWord; box: string },
  inbound: TypedCommand,
): Promise<void> {
  const { answers, threadJob } = inbound;
  const decision = DECISIONS[word];
  if (threadJob !== null) return runDecision(app, inbound, { job: threadJob.id, decision });
  const testbox = findTestbox(app, box);
  if ('kind' in testbox) return answers.answer(words(unknownBoxText(testbox)));
  const job = await app.store.activeJob(testbox.address);
  if (job === null) return answers.answer(words(`${testbox.name} has no job to ${word}.`));
  return runDecision(app, inbound, { job: job.id, decision });
}

interface BoxQuestion {
  word: Exclude<BoxWord, DecisionWord | 'verify'>;
  testbox: Testbox;
  reason: string | null;
  person: ChatPerson;
}

async function boxAnswer(app: App, { word, testbox, reason, person }: BoxQuestion): Promise<ChatMessage> {
  switch (word) {
    case 'info':
      return infoOf(await viewBox(app, testbox), app.clock.now());
    case 'history':
      return historyOf(testbox, await app.store.recentJobs(testbox.address, 10));
    case 'images':
      return imagesText(app, testbox);
    case 'lock':
      return words(lockText(await lockBox(app, person, { box: testbox.name, reason })));
    case 'unlock':
      return words(lockText(await unlockBox(app, person, testbox.name)));
    default:
      return assertNever(word);
  }
}
