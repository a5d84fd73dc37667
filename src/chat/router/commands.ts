import type { App } from '../../app/app.ts';
import { lockBox, unlockBox } from '../../app/lock.ts';
import { viewAllBoxes, viewBox } from '../../app/look.ts';
import { findTestbox } from '../../app/request.ts';
import { assertNever } from '../../contract/assert-never.ts';
import { identify, type Role, rolesOf } from '../../domain/access.ts';
import type { Command } from '../../domain/command.ts';
import { commandEntry } from '../../domain/command-table.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { lockText, noRoleText, unknownBoxText } from '../answer-text.ts';
import { words } from '../message.ts';
import type { ChatMessage, InboundCommand } from '../platform.ts';
import { boxLine, historyOf, imagesText, infoOf, statusOf } from './box-text.ts';
import { helpText } from './help-text.ts';
import { runDecision } from './presses.ts';
import { answerRequest } from './request-answer.ts';

/** Runs a parsed command and answers privately. */
export async function runCommand(app: App, command: Command, inbound: InboundCommand): Promise<void> {
  const { person, answers } = inbound;
  const roles = rolesOf(person, app.inventory.access());
  switch (command.kind) {
    case 'action':
      return answerRequest(app, inbound, command);
    case 'help':
      return answers.answer(helpText(roles, command.word));
    case 'whoami':
      return answers.answer(whoami(app, inbound, roles));
    case 'list':
      return answers.answer(roles.has('viewer') ? await list(app) : words(noRoleText('viewer')));
    case 'status':
      return answers.answer(
        roles.has('viewer') ? await status(app, command.box) : words(noRoleText('viewer')),
      );
    case 'box':
      return aboutBox(app, command, inbound);
    default:
      return assertNever(command);
  }
}

async function list(app: App): Promise<ChatMessage> {
  const boxes = await viewAllBoxes(app);
  if (boxes.length === 0) return words('The inventory has no boxes yet.');
  return { ...words(`${boxes.length} boxes`), lines: boxes.map(boxLine) };
}

async function status(app: App, box: string | null): Promise<ChatMessage> {
  if (box === null) {
    const busy = (await viewAllBoxes(app)).filter(({ active, lock }) => active !== null || lock !== null);
    if (busy.length === 0) return words('No box is busy or locked.');
    return { ...words(`${busy.length} busy or locked`), lines: busy.map(boxLine) };
  }
  const testbox = findTestbox(app, box);
  if ('kind' in testbox) return words(unknownBoxText(testbox));
  return statusOf(app, await viewBox(app, testbox));
}

function whoami(app: App, { person }: InboundCommand, roles: ReadonlySet<Role>): ChatMessage {
  const { key } = identify(person, app.inventory.access());
  const held = [...roles].join(', ') || 'none';
  return {
    ...words(`You are ${key}.`),
    lines: [`${person.platform}:${person.team}:${person.user}`, `roles: ${held}`],
  };
}

type BoxCommand = Extract<Command, { kind: 'box' }>;

async function aboutBox(app: App, command: BoxCommand, inbound: InboundCommand): Promise<void> {
  const { person, answers } = inbound;
  const needs = commandEntry(command.word)?.needs ?? null;
  if (needs !== null && !rolesOf(person, app.inventory.access()).has(needs))
    return answers.answer(words(noRoleText(needs)));
  const testbox = findTestbox(app, command.box);
  if ('kind' in testbox) return answers.answer(words(unknownBoxText(testbox)));
  switch (command.word) {
    case 'info':
      return answers.answer(infoOf(await viewBox(app, testbox), app.clock.now()));
    case 'history':
      return answers.answer(historyOf(testbox, await app.store.recentJobs(testbox.address, 10)));
    case 'images':
      return answers.answer(await imagesText(app, testbox));
    case 'lock':
      return answers.answer(words(lockText(await lockBox(app, person, command))));
    case 'unlock':
      return answers.answer(words(lockText(await unlockBox(app, person, testbox.name))));
    case 'cancel':
    case 'retry':
    case 'release':
      return decideOn(app, { testbox, word: command.word }, inbound);
    default:
      return assertNever(command.word);
  }
}

async function decideOn(
  app: App,
  { testbox, word }: { testbox: Testbox; word: 'cancel' | 'retry' | 'release' },
  inbound: InboundCommand,
): Promise<void> {
  const job = await app.store.activeJob(testbox.address);
  if (job === null) return inbound.answers.answer(words(`${testbox.name} has no job to ${word}.`));
  const decision =
    word === 'cancel' ? ({ kind: 'cancel', despiteDirty: false } as const) : ({ kind: word } as const);
  return runDecision(app, inbound, { job: job.id, decision });
}
