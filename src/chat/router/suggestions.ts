import type { App } from '../../app/app.ts';
import { findTestbox } from '../../app/find-testbox.ts';
import { viewBox } from '../../app/look.ts';
import { rolesOf } from '../../domain/access.ts';
import { COMMANDS, isActionWord } from '../../domain/command-table.ts';
import type { Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { shorten } from '../format.ts';
import type { BoxSuggestion, RequestForm } from '../platform.ts';
import { matchBoxes } from './box-match.ts';
import { boxLine } from './box-text.ts';

/** What platforms take as choices at once, and as the label of one. */
const CHOICES_LIMIT = 25;
const LABEL_LENGTH = 75;

/** The boxes that may be meant, for people who may see boxes at all. */
export async function suggestBoxes(app: App, person: ChatPerson, typed: string): Promise<BoxSuggestion[]> {
  if (!isViewer(app, person)) return [];
  const found = matchBoxes(app.inventory.testboxes(), typed).slice(0, CHOICES_LIMIT);
  return Promise.all(found.map((testbox) => suggestionOf(app, testbox)));
}

/** @param job the one in whose thread the dialog was opened */
export async function requestForm(app: App, person: ChatPerson, job: Job | null): Promise<RequestForm> {
  const testbox = job === null || !isViewer(app, person) ? null : findTestbox(app, job.testbox.name);
  return {
    box: testbox === null || 'kind' in testbox ? null : await suggestionOf(app, testbox),
    actions: actionsOf(app, person),
  };
}

/** A form for whoever it is, when nothing can be looked up: rights are checked with the request. */
export function plainForm(): RequestForm {
  return { box: null, actions: ACTION_CHOICES.map(({ choice }) => choice) };
}

const ACTION_CHOICES = COMMANDS.flatMap(({ word, needs, summary }) =>
  isActionWord(word)
    ? [{ needs, choice: { action: word, label: shorten(`${word}: ${summary}`, LABEL_LENGTH) } }]
    : [],
);

function actionsOf(app: App, person: ChatPerson): RequestForm['actions'] {
  const roles = rolesOf(person, app.inventory.access());
  const allowed = ACTION_CHOICES.filter(({ needs }) => needs === null || roles.has(needs));
  return (allowed.length === 0 ? ACTION_CHOICES : allowed).map(({ choice }) => choice);
}

async function suggestionOf(app: App, testbox: Testbox): Promise<BoxSuggestion> {
  return { name: testbox.name, label: shorten(boxLine(await viewBox(app, testbox)), LABEL_LENGTH) };
}

function isViewer(app: App, person: ChatPerson): boolean {
  return rolesOf(person, app.inventory.access()).has('viewer');
}
