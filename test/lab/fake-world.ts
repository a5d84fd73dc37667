import type { ScriptJob, ScriptMachines, ScriptWorld } from '../../src/lab/script/ports.ts';

type JobSeen = Omit<ScriptJob, 'id' | 'progressPercent'> & { progressPercent?: number };

/** A world in which everything goes as told; the last of `jobs` stays. */
export function fakeWorld(
  told: { answers?: Record<string, string>; jobs?: (JobSeen | undefined)[]; hashes?: string[] } = {},
) {
  const calls: string[] = [];
  const shown: string[] = [];
  const jobs = [...(told.jobs ?? [])];
  const hashes = [...(told.hashes ?? [])];
  let now = 0;
  const note = (what: string) => async (box: string) => void calls.push(`${what} ${box}`);
  const machines: ScriptMachines = {
    knows: (box) => box === 'pluto' || box === 'venus',
    hash: async () => hashes.shift() ?? '',
    scribble: note('scribble'),
    break: note('break'),
    throttle: note('throttle'),
    powerCut: note('power-cut'),
    powerOn: note('power-on'),
    replaceDisk: note('replace-disk'),
    sshDown: note('ssh-down'),
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
      kill: async () => void calls.push('kill-bot'),
    },
    clock,
    print: () => undefined,
  };
  return { world, calls, clock };
}
