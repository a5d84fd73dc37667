import { parseArgs } from 'node:util';

const DISK_KINDS = ['half', 'full', 'blank', 'changed'] as const;
/** `half` is half zeros; `changed` is that too, and only the restore onto itself is measured. */
export type DiskKind = (typeof DISK_KINDS)[number];

export interface BenchOptions {
  disk: DiskKind;
  sizeBytes: number;
  rounds: number;
  /** Names of the tools to measure beside the original; null is all that are installed. */
  tools: readonly string[] | null;
  jsonFile: string | null;
}

const UNITS: Readonly<Record<string, number>> = { MiB: 1024 ** 2, GiB: 1024 ** 3 };

/** @throws Error for words that make no sense */
export function readOptions(args: string[]): BenchOptions {
  const { values } = parseArgs({
    args,
    options: {
      disk: { type: 'string', default: 'half' },
      size: { type: 'string', default: '1GiB' },
      rounds: { type: 'string', default: '3' },
      tools: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const disk = DISK_KINDS.find((kind) => kind === values.disk);
  if (disk === undefined) throw new Error(`--disk: expected one of ${DISK_KINDS.join(', ')}`);
  if (!/^[1-9][0-9]?$/.test(values.rounds)) throw new Error('--rounds: expected a number from 1 to 99');
  return {
    disk,
    sizeBytes: readSize(values.size),
    rounds: Number(values.rounds),
    tools: values.tools?.split(',') ?? null,
    jsonFile: values.json ?? null,
  };
}

function readSize(text: string): number {
  const [, count, unit = ''] = /^([1-9][0-9]{0,4})(MiB|GiB)$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (count === undefined || factor === undefined)
    throw new Error('--size: expected a size such as 512MiB or 4GiB');
  return Number(count) * factor;
}
