import { setTimeout as sleep } from 'node:timers/promises';
import { labMachines } from '../../lab/lab-machines.ts';
import type { ScriptWorld } from '../../lab/script/ports.ts';
import { consolePeople } from './console-people.ts';
import { fetchJobs } from './job-feed.ts';
import { advanceLabClock } from './lab-clock.ts';
import { runPxe } from './run-pxe.ts';
import type { Demo } from './start-demo.ts';

/** The demo as the world of a script. */
export function scriptWorld(demo: Demo, print: (line: string) => void): ScriptWorld {
  return {
    people: consolePeople(demo.room),
    machines: labMachines(demo.boxes, (box, action) => runPxe({ demo, print }, [box, action])),
    bot: {
      newestJob: async (box) => (await fetchJobs(demo.botUrl))?.find(({ testbox }) => testbox === box),
      kill: () => demo.bot.kill(),
      down: () => demo.bot.down(),
      up: () => demo.bot.start(),
      limitRunning: async (jobs) => {
        await demo.bot.down();
        await demo.bot.start({ TESTBOX_MAX_RUNNING: String(jobs) });
      },
      advanceClock: (byMs) => advanceLabClock(demo.labClockFile, byMs),
    },
    clock: { now: Date.now, sleep: (ms) => sleep(ms) },
    print,
  };
}
