import { type HomeView, viewHome } from '../../app/home.ts';
import { rolesOf } from '../../domain/access.ts';
import type { Job } from '../../domain/job.ts';
import type { ChatPerson } from '../../domain/person.ts';
import { noRoleText } from '../answer-text.ts';
import type { HomePage, HomeSection } from '../platform.ts';
import { cardPlaceOf } from './card-place.ts';
import { wayToDecide } from './elsewhere.ts';
import { approvalLine, fleetLine, ownLine, workLine } from './home-text.ts';
import { imagesProblem } from './image-text.ts';
import type { RouterParts } from './parts.ts';
import { whoText } from './who-text.ts';

/** A person's own page; for people without rights, how to get some. */
export async function homePage({ app, images }: RouterParts, person: ChatPerson): Promise<HomePage> {
  const at = app.clock.now();
  const roles = rolesOf(person, app.inventory.access());
  if (!roles.has('viewer')) {
    const who = whoText(app, person);
    return { at, sections: [plainSection('No rights yet', [noRoleText('viewer'), who.text, ...who.lines])] };
  }
  const view = await viewHome(app, person, images);
  const cards: Cards = (job) => cardPlaceOf(app, job, { person });
  return { at, sections: await sectionsOf(view, { at, cards, person }) };
}

/** A page that only says what went wrong. */
export function faultPage(at: number, text: string): HomePage {
  return { at, sections: [plainSection('Testbox', [text])] };
}

type Cards = (job: Job) => Promise<HomeSection['entries'][number]['card']>;

async function sectionsOf(
  { approvable, atWork, own, boxes }: HomeView,
  { at, cards, person }: { at: number; cards: Cards; person: ChatPerson },
): Promise<HomeSection[]> {
  const listed = (jobs: readonly Job[], line: (job: Job) => string) =>
    Promise.all(jobs.map(async (job) => ({ text: line(job), card: await cards(job) })));
  const problem = imagesProblem(boxes);
  const waiting: HomeSection[] =
    approvable === null
      ? []
      : [
          {
            title: 'Waits for your approval',
            empty: 'Nothing waits for your approval.',
            entries: await listed(approvable, (job) => `${approvalLine(job, at)}${wayToDecide(job, person)}`),
          },
        ];
  return [
    ...(problem === null ? [] : [plainSection('Storage share', [`⚠ ${problem}`])]),
    ...waiting,
    {
      title: 'At work',
      empty: 'No box is at work.',
      entries: await Promise.all(
        atWork.map(async (view) => ({ text: workLine(view), card: await cards(view.job) })),
      ),
    },
    {
      title: 'Your last jobs',
      empty: 'You have asked for no jobs yet: `/testbox help` shows how.',
      entries: await listed(own, (job) => ownLine(job, at)),
    },
    {
      title: 'Boxes',
      empty: 'The inventory has no boxes yet.',
      entries: boxes.map((found) => ({ text: fleetLine(found, at), card: null })),
    },
  ];
}

function plainSection(title: string, lines: readonly string[]): HomeSection {
  return { title, empty: '', entries: lines.map((text) => ({ text, card: null })) };
}
