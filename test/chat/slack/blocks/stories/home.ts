import type { CurrentImage } from '../../../../../src/app/fleet-images.ts';
import type { BoxView } from '../../../../../src/app/look.ts';
import type { HomePage, RequestForm } from '../../../../../src/chat/platform.ts';
import { approvalLine, fleetLine, workLine } from '../../../../../src/chat/router/home-text.ts';
import { TestboxAddress } from '../../../../../src/contract/address.ts';
import { COMMANDS, isActionWord } from '../../../../../src/domain/command-table.ts';
import type { Job } from '../../../../../src/domain/job.ts';
import { PLUTO_BOX } from '../../../../fakes/app.ts';
import { NOW } from '../../../../fakes/job.ts';
import { job, MINUTE, PROGRESS, SEEN_AT, view } from './jobs.ts';
import { bob, CARD, carol } from './people.ts';

const VENUS: Partial<Job> = {
  testbox: boxOf('venus'),
  action: 'backup-again',
  state: 'running',
  requester: carol,
  createdAt: NOW - 7 * MINUTE,
};
const MARS: Partial<Job> = {
  testbox: boxOf('mars'),
  state: 'needs-hands',
  requester: bob,
  createdAt: NOW - 120 * MINUTE,
};

function boxOf(name: string): { name: string; address: TestboxAddress } {
  const last = 42 + ['pluto', 'venus', 'mars', 'saturn', 'neptune'].indexOf(name);
  return { name, address: TestboxAddress.parse(`10.40.41.${last}`) };
}

export const REQUEST_FORM: RequestForm = {
  box: { name: 'pluto', label: 'pluto 10.40.41.42: free' },
  actions: COMMANDS.flatMap(({ word, summary }) =>
    isActionWord(word) ? [{ action: word, label: `${word}: ${summary}` }] : [],
  ),
};

/** As `router/home.ts` puts it together, for an approver. */
export const HOME: HomePage = {
  at: SEEN_AT,
  sections: [
    {
      title: 'Waits for your approval',
      empty: 'Nothing waits for your approval.',
      entries: [{ text: approvalLine(job({ state: 'awaiting-approval' }), SEEN_AT), card: CARD }],
    },
    {
      title: 'At work',
      empty: 'No box is at work.',
      entries: [
        { text: workLine(view({ ...VENUS, phase: 'imaging' }, PROGRESS)), card: CARD },
        { text: workLine(view(MARS)), card: CARD },
      ],
    },
    {
      title: 'Your last jobs',
      empty: 'You have asked for no jobs yet: `/testbox help` shows how.',
      entries: [],
    },
    {
      title: 'Boxes',
      empty: 'The inventory has no boxes yet.',
      entries: [
        boxEntry('pluto', { active: job({ state: 'awaiting-approval' }), image: imageOf(3 * 1440) }),
        boxEntry('venus', { active: job(VENUS), image: imageOf(41 * 1440) }),
        boxEntry('mars', { active: job(MARS), image: imageOf(2 * 1440) }),
        boxEntry('saturn', { lock: { by: carol, at: NOW, reason: null }, image: imageOf(7 * 60) }),
        boxEntry('neptune', { image: { kind: 'none' } }),
      ],
    },
  ],
};

function imageOf(ageMinutes: number): CurrentImage {
  return { kind: 'image', takenAt: SEEN_AT - ageMinutes * MINUTE, problem: null };
}

function boxEntry(name: string, { image, ...state }: { image: CurrentImage } & Partial<BoxView>) {
  const box = {
    testbox: { ...PLUTO_BOX, ...boxOf(name) },
    active: null,
    lock: null,
    hardware: null,
    ...state,
  };
  return { text: fleetLine({ box, image }, SEEN_AT), card: null };
}
