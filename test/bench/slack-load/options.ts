import { parseArgs } from 'node:util';

export interface LoadOptions {
  /** How long is measured. */
  seconds: number;
  /** So many boxes, each always with a job. */
  jobs: number;
  /** About so long a job is imaged: from two thirds of it to four thirds. */
  imagingSeconds: number;
  /** Of everything that is left to chance. */
  seed: number;
}

/** Then about every second box meets a job's end. */
const IMAGING_PART = 2;

/** @throws Error for words that make no sense */
export function readOptions(args: string[]): LoadOptions {
  const { values } = parseArgs({
    args,
    options: {
      seconds: { type: 'string', default: '180' },
      jobs: { type: 'string', default: '50' },
      imaging: { type: 'string' },
      seed: { type: 'string', default: '1' },
    },
  });
  const seconds = numberOf('seconds', values.seconds, 3600);
  return {
    seconds,
    imagingSeconds: numberOf('imaging', values.imaging ?? String(IMAGING_PART * seconds), 7200),
    jobs: numberOf('jobs', values.jobs, 200),
    seed: numberOf('seed', values.seed, 1_000_000),
  };
}

function numberOf(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`--${name}: expected a whole number from 1 to ${most}, got "${text}"`);
}
