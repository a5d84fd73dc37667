import type { LineLog } from './line-log.ts';

/** What the serial line says when a stage is reached, in the order in which they come. */
const STAGES = [
  ['PXELINUX', /^PXELINUX \d/],
  ['kernel', /Linux version \d/],
  ['root', /testbox: root: /],
  ['agent', /Testbox agent /],
  ['work', /Executing '/],
  ['done', /'[a-z-]+' - done/],
  ['own system', /tiny system of \S+, \S+, is up/],
] as const;
const BEGINNING = /^SeaBIOS|^--- power on|^BdsDxe: (?:loading|starting)/;

/** For each boot the seconds from its beginning to each stage, as one line. */
export function bootStages(log: LineLog): string[] {
  const boots: { beganAt: number; stages: Map<string, number> }[] = [];
  for (const { at, text } of log.timed()) {
    const boot = boots.at(-1);
    if (BEGINNING.test(text) && (boot === undefined || boot.stages.size > 0)) {
      boots.push({ beganAt: at, stages: new Map() });
      continue;
    }
    const [stage] = STAGES.find(([, sign]) => sign.test(text)) ?? [];
    if (boot === undefined || stage === undefined || boot.stages.has(stage)) continue;
    boot.stages.set(stage, (at - boot.beganAt) / 1_000);
  }
  return boots.map(({ stages }) =>
    [...stages].map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)}`).join('  '),
  );
}
