import { type Approach, type ApproachChunk, ApproachModel } from '../../../agent/imaging/approach.ts';

export const CHUNK_BYTES = 4 * 1024 * 1024;
const MIB = 1024 * 1024;

/** What works take on some machine, in milliseconds for one chunk (for `look`, for one look). */
export interface Costs {
  compare: number;
  look: number;
  fetch: number;
  write: number;
  zero: number;
  readBack: number;
}

/** Two cores and a fast SSD: unpacking takes the time. */
export const SSD: Costs = { compare: 4, look: 0.1, fetch: 9, write: 4, zero: 0.5, readBack: 3 };
/** A hard disk: every look seeks. */
export const HARD_DISK: Costs = { compare: 28, look: 9, fetch: 9, write: 27, zero: 27, readBack: 27 };
/** A slow disk behind a fast network, which reads more slowly than it writes. */
export const SLOW_READER: Costs = { compare: 40, look: 4, fetch: 8, write: 10, zero: 1, readBack: 10 };
/** An image behind 1 GbE: fetching is what takes the time. */
export const SLOW_NETWORK: Costs = { compare: 4, look: 0.1, fetch: 40, write: 4, zero: 0.5, readBack: 3 };

export interface TraceChunk {
  kind: 'data' | 'zero';
  equal: boolean;
}

/** Runs a trace through the model as a deploy does. Gives milliseconds, and those of writing it all. */
export function runTrace(
  costs: Costs,
  trace: readonly TraceChunk[],
  { resumed = false } = {},
): { ms: number; writeOnlyMs: number; chosen: Approach[]; model: ApproachModel } {
  const model = ApproachModel.forChunks(trace.length, { resumed });
  const chosen: Approach[] = [];
  let now = 0;
  const spend = (work: Parameters<ApproachModel['spent']>[0], ms: number, bytes = CHUNK_BYTES) => {
    now += ms;
    model.spent(work, bytes, ms * 1e6);
  };
  const write = (chunk: ApproachChunk, approach: Approach) => {
    const zero = chunk.kind === 'zero';
    spend(zero ? 'zero' : 'write', zero ? costs.zero : costs.write);
    spend('read-back', costs.readBack);
    model.wrote(CHUNK_BYTES, { approach, zeroed: zero });
  };
  trace.forEach(({ kind, equal }, number) => {
    const chunk = { number, lengthBytes: CHUNK_BYTES, kind };
    const approach = model.choose(chunk);
    chosen.push(approach);
    const since = now;
    if (approach === 'compare') {
      spend('compare', costs.compare);
      model.found(chunk, { equal, by: approach, ns: (now - since) * 1e6 });
      if (equal) return;
    }
    if (kind === 'data') spend('fetch', costs.fetch);
    if (approach === 'look') {
      const looking = now;
      spend('look', costs.look, MIB / 16);
      if (equal) spend('look-on', costs.readBack);
      model.found(chunk, { equal, by: approach, ns: (now - looking) * 1e6 });
      if (equal) return;
    }
    write(chunk, approach);
  });
  const writeOnlyMs = trace.reduce(
    (sum, { kind }) => sum + costs.readBack + (kind === 'zero' ? costs.zero : costs.fetch + costs.write),
    0,
  );
  return { ms: now, writeOnlyMs, chosen, model };
}

/** The time in which an all-knowing deploy would have done it: it reads only what it then leaves. */
export function bestMs(costs: Costs, trace: readonly TraceChunk[]): number {
  return trace.reduce((sum, { kind, equal }) => {
    const writing = costs.readBack + (kind === 'zero' ? costs.zero : costs.fetch + costs.write);
    const leaving = kind === 'zero' ? costs.look + costs.readBack : costs.compare;
    return sum + (equal ? Math.min(leaving, writing) : writing);
  }, 0);
}

export function repeat(count: number, make: (number: number) => TraceChunk): TraceChunk[] {
  return Array.from({ length: count }, (_unused, number) => make(number));
}
