import type { BootFiles } from './boot-files.ts';
import type { Configuration } from './render/lines.ts';

/** Who a directory has to belong to. */
export interface Owner {
  name: string;
  uid: number;
  gid: number;
}

/** One thing that has to be there. What is there already is never overwritten, configuration excepted. */
export type Wanted =
  /** @property owner null where anybody's will do */
  | { kind: 'directory'; path: string; owner: Owner | null }
  /** One file, or many that are spoken of as one. */
  | ({ kind: 'files'; directory: string } & BootFiles)
  /** A file that only has to be there: it may hold anything. */
  | { kind: 'marker'; path: string }
  /** A text whose difference is worth a sentence. */
  | { kind: 'text'; path: string; text: string }
  /** Our own writing is renewed, an edited file left alone. */
  | { kind: 'configuration'; directory: string; configuration: Configuration };

export interface Outcome {
  status: 'created' | 'updated' | 'ok' | 'missing' | 'differs' | 'failed';
  /** The thing, mostly a path. */
  what: string;
  /** A sentence, where there is something to say. */
  why?: string;
}

const WIDTH = 'created'.length;

/** As the terminal shows it. */
export function outcomeLine({ status, what, why }: Outcome): string {
  return `${status.padEnd(WIDTH)}  ${what}${why === undefined ? '' : `: ${why}`}`;
}
