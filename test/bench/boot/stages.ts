/** How long the bot may wait for a box's hello, from its power switch on: the bound of the bench. */
export const HELLO_BOUND_SECONDS = 25;

/** The agent's words about the answer, a moment after it. */
export const HELLO_SAID = /The bot says |: Rebooting\.$/;
/** What the serial line says when a stage has come to its end, in the order in which they come. */
const STAGES = [
  ['PXELINUX', /^PXELINUX \d/],
  ['kernel', /\[ +0\.0+\] Linux version/],
  ['initramfs', /testbox: start$/],
  ['network', /testbox: network: /],
  ['root', /testbox: root: /],
  ['systemd', /systemd\[1\]: systemd \d/],
  ['services', /systemd\[1\]: Queued start job/],
  ['agent', /Testbox agent /],
  ['hello', HELLO_SAID],
] as const;
const POWER_ON = /^--- power on$/;
/** Without a bot that answers, the figures would be of something else. */
const UNANSWERED = /The bot did not answer the hello/;

/** Seconds from the power switch to the end of a stage. */
export type BootTimes = ReadonlyMap<string, number>;

/**
 * The last boot that a serial line tells of.
 *
 * @param lines with the ms at which each came
 * @throws when a stage is missing
 */
export function bootTimes(lines: readonly { at: number; text: string }[]): BootTimes {
  const from = lines.findLastIndex(({ text }) => POWER_ON.test(text));
  const boot = from === -1 ? [] : lines.slice(from);
  if (boot.some(({ text }) => UNANSWERED.test(text))) throw new Error('the bot did not answer the hello');
  const beganAt = boot[0]?.at ?? 0;
  return new Map(
    STAGES.map(([stage, sign]) => {
      const line = boot.find(({ text }) => sign.test(text));
      if (line === undefined) throw new Error(`the serial line says nothing of the stage "${stage}"`);
      return [stage, (line.at - beganAt) / 1_000];
    }),
  );
}

/** A line a boot, then the medians, then what each stage took of them. */
export function bootTable(boots: readonly BootTimes[]): { lines: string[]; medianHello: number } {
  const stages = STAGES.map(([stage]) => stage);
  const medians = stages.map((stage) => median(boots.map((boot) => boot.get(stage) ?? Number.NaN)));
  const steps = medians.map((at, index) => at - (medians[index - 1] ?? 0));
  const lines = [
    layOut('', stages),
    ...boots.map((boot, index) =>
      layOut(
        `boot ${index + 1}`,
        stages.map((stage) => seconds(boot.get(stage) ?? Number.NaN)),
      ),
    ),
    layOut('median', medians.map(seconds)),
    layOut('each', steps.map(seconds)),
  ];
  return { lines, medianHello: medians[medians.length - 1] ?? Number.NaN };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

function seconds(value: number): string {
  return value.toFixed(1);
}

function layOut(name: string, cells: readonly string[]): string {
  return `${name.padEnd(8)}${cells.map((cell) => cell.padStart(10)).join('')}`;
}
