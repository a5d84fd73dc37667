import { setTimeout as sleep } from 'node:timers/promises';
import { labMachines } from '../../lab/lab-machines.ts';
import type { ScriptWorld } from '../../lab/script/ports.ts';
import { fetchJobs } from './job-feed.ts';
import { advanceLabClock } from './lab-clock.ts';
import { runPxe } from './run-pxe.ts';
import type { DemoLab } from './start-lab.ts';

/** The lab as the world of a script. */
export function scriptWorld(lab: DemoLab, print: (line: string) => void): ScriptWorld {
  return {
    people: lab.people,
    machines: labMachines(lab.boxes, (box, action) => runPxe({ lab, print }, [box, action])),
    bot: {
      newestJob: async (box) => (await fetchJobs(lab.botUrl))?.find(({ testbox }) => testbox === box),
      kill: () => lab.bot.kill(),
      down: () => lab.bot.down(),
      up: () => lab.bot.start(),
      limitRunning: async (jobs) => {
        await lab.bot.down();
        await lab.bot.start({ TESTBOX_MAX_RUNNING: String(jobs) });
      },
      advanceClock: (byMs) => advanceLabClock(lab.labClockFile, byMs),
    },
    clock: { now: Date.now, sleep: (ms) => sleep(ms) },
    print,
  };
}
