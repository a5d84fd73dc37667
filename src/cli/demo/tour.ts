import type { FedJob } from './job-feed.ts';

/** What the tour looks at to know how far things are. */
export interface TourSight {
  speaker: string;
  /** Newest first; empty while the bot is away. */
  jobs: readonly FedJob[];
  plutoState: string;
  /** The number that presses pluto's newest button of that id for the speaker. */
  numberOf: (button: string) => number | undefined;
}

export interface TourStep {
  /** Why this comes next. */
  why: readonly string[];
  /** The line that Enter types; undefined while there is nothing to do but watch. */
  offer: (sight: TourSight) => string | undefined;
  isDone: (sight: TourSight) => boolean;
}

const NOTHING = () => undefined;
const ENDS = ['succeeded', 'failed', 'cancelled', 'denied', 'expired'];

/** The main job in the order in which it is told. */
export const TOUR: readonly TourStep[] = [
  {
    why: [
      'You are alice, who runs two testboxes, pluto and venus. Before a risky test she',
      'keeps an image of pluto’s disk. Press Enter to type the offered line, or type your own.',
    ],
    offer: () => 'backup pluto',
    isDone: ({ jobs }) => newest(jobs, 'backup') !== undefined,
  },
  {
    why: ['Nothing happens before the plan has been read: these are the facts, and only you see them.'],
    offer: ({ numberOf }) => numberOf('confirm')?.toString(),
    isDone: ({ jobs }) => entered(newest(jobs, 'backup'), 'queued', 'arming', 'rebooting', 'running'),
  },
  {
    why: [
      'The bot wrote pluto’s boot file and rebooted it over SSH. It boots a maintenance system from',
      'the network, and an agent there images the disk, to a share, in 4 MiB chunks with hashes.',
    ],
    offer: NOTHING,
    isDone: ({ jobs }) => isOver(newest(jobs, 'backup')),
  },
  {
    why: [
      'pluto is back on its own disk, and its image is safe. Now the risky test: it wipes the boot sector.',
    ],
    offer: () => '!break pluto',
    isDone: ({ plutoState, jobs }) => plutoState === 'stuck' || newest(jobs, 'restore') !== undefined,
  },
  {
    why: ['pluto doesn’t boot any more; its console says why. This is what the image is for.'],
    offer: () => 'restore pluto',
    isDone: ({ jobs }) => newest(jobs, 'restore') !== undefined,
  },
  {
    why: ['A restore overwrites a disk, so the plan names the disk and the image. Read it, then confirm.'],
    offer: ({ numberOf }) => numberOf('confirm')?.toString(),
    isDone: ({ jobs }) => entered(newest(jobs, 'restore'), 'awaiting-approval'),
  },
  {
    why: ['Overwriting needs a second person: nobody approves their own restore. Bob may.'],
    offer: () => 'as bob',
    isDone: ({ speaker, jobs }) => speaker === 'bob' || entered(newest(jobs, 'restore'), 'queued', 'arming'),
  },
  {
    why: ['Bob sees the whole plan on the card. What he approves is exactly this plan, by its digest.'],
    offer: ({ numberOf }) => numberOf('approve')?.toString(),
    isDone: ({ jobs }) => entered(newest(jobs, 'restore'), 'queued', 'arming', 'rebooting'),
  },
  {
    why: [
      'A box that doesn’t boot can’t be rebooted over SSH. The bot tries for a while and then asks for',
      'hands; the boot file is in place, so switching pluto off and on is all they have to do.',
    ],
    offer: ({ jobs, plutoState }) =>
      plutoState === 'stuck' && entered(newest(jobs, 'restore'), 'needs-hands')
        ? '!power-on pluto'
        : undefined,
    isDone: ({ jobs }) => entered(newest(jobs, 'restore'), 'booting', 'running'),
  },
  {
    why: ['The agent checks the image first, then writes only the chunks that differ, and reads them back.'],
    offer: NOTHING,
    isDone: ({ jobs }) => isOver(newest(jobs, 'restore')),
  },
];

/** Said after the last step. */
export const FAREWELL = [
  'That was the whole of it: pluto boots, and its console shows its old banner.',
  'Try `history pluto`, `as mallory` and a restore, `!scribble pluto sda`, or `help`. Ctrl-C ends.',
] as const;

/** The step that is due: the first that isn't done, never going back before `from`. */
export function dueStep(sight: TourSight, from: number): number {
  let step = from;
  while (step < TOUR.length && TOUR[step]?.isDone(sight)) step += 1;
  return step;
}

function newest(jobs: readonly FedJob[], action: string): FedJob | undefined {
  return jobs.find((job) => job.testbox === 'pluto' && job.action === action);
}

function entered(job: FedJob | undefined, ...states: string[]): boolean {
  return job !== undefined && (states.some((state) => job.history.includes(state)) || isOver(job));
}

function isOver(job: FedJob | undefined): boolean {
  return job !== undefined && ENDS.includes(job.state);
}
