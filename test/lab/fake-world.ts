import type { ScriptJob, ScriptMachines, ScriptWorld } from '../../src/lab/script/ports.ts';

type JobSeen = Omit<ScriptJob, 'id' | 'progressPercent'> & { progressPercent?: number };

/** A world in which everything goes as told; the last of `jobs` stays. */
export function fakeWorld(
  told: {
    answers?: Record<string, string>;
    jobs?: (JobSeen | undefined)[];
    hashes?: string[];
    log?: string;
  } = {},
) {
  const calls: string[] = [];
  const shown: string[] = [];
  const screen = ['pluto login:'];
  const jobs = [...(told.jobs ?? [])];
  const hashes = [...(told.hashes ?? [])];
  let now = 0;
  const note = (what: string) => async () => void calls.push(what);
  const machines: ScriptMachines = {
    names: () => ['pluto', 'venus'],
    act: async (step) => {
      const { kind, box, ...more } = step;
      calls.push([kind, box, ...Object.values(more)].join(' '));
      screen.push(`${kind} is over`);
    },
    hash: async () => hashes.shift() ?? '',
    screen: () => screen,
    log: async () => told.log ?? '',
  };
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const world: ScriptWorld = {
    people: {
      knows: (person) => ['alice', 'bob', 'mallory'].includes(person),
      say: async (person, line) => {
        calls.push(`${person} says ${line}`);
        const answer = told.answers?.[line];
        if (answer !== undefined) shown.push(answer);
      },
      press: async (person, { id, box, input }) =>
        void calls.push(`${person} presses ${id} of ${box}: ${input}`),
      mark: () => shown.length,
      read: (_person, since) => shown.slice(since),
    },
    machines,
    bot: {
      newestJob: async () => {
        const job = jobs.length > 1 ? jobs.shift() : jobs[0];
        return job === undefined ? undefined : { id: '7k3m9q2x', progressPercent: null, ...job };
      },
      kill: note('kill-bot'),
      down: note('bot-down'),
      up: note('bot-up'),
      limitRunning: async (jobs) => void calls.push(`max-running ${jobs}`),
      advanceClock: async (byMs) => void calls.push(`clock ${byMs}`),
    },
    clock,
    print: () => undefined,
  };
  return { world, calls, clock };
}
