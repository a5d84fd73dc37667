import type { DiskSlot } from '../../src/contract/disk.ts';
import type { DiskProgress } from '../../src/contract/report.ts';
import type { Clock } from '../clock.ts';
import type { Counted } from './control.ts';
import { type LightAfter, LightLeft } from './light-left.ts';
import { Pace, usualTimes } from './pace.ts';

const WINDOW_MS = 5_000;
/** Before it has seen so much of a disk it says no time. */
const FIRST_FORECAST_MS = 3_000;

interface Sample {
  at: number;
  counted: Counted;
}

/** How far each disk is, with its rate over the last seconds and the time that is left. */
export class ProgressMeter {
  readonly #clock: Clock;
  readonly #work: 'imaging' | 'checking';
  readonly #disks = new Map<DiskSlot, DiskProgress>();
  readonly #meters = new Map<DiskSlot, DiskMeter>();

  constructor(
    clock: Clock,
    disks: readonly { slot: DiskSlot; totalBytes: number }[],
    work: 'imaging' | 'checking' = 'imaging',
  ) {
    this.#clock = clock;
    this.#work = work;
    for (const { slot, totalBytes } of disks) {
      const nothing = { doneBytes: 0, writtenBytes: 0, skippedBytes: 0, bytesPerSecond: 0 };
      this.#disks.set(slot, { slot, totalBytes, ...nothing });
    }
  }

  /** What is known of the disk beforehand: from an index, or a look at some of it. */
  expect(slot: DiskSlot, lightAfter: LightAfter): void {
    this.#meterOf(slot).lightAfter = lightAfter;
  }

  update(slot: DiskSlot, counted: Counted, totalBytes: number): void {
    const meter = this.#meterOf(slot);
    meter.see({ at: this.#clock.elapsed(), counted: { ...counted } }, totalBytes);
    const secondsLeft = meter.secondsLeft(totalBytes);
    this.#disks.set(slot, {
      slot,
      totalBytes,
      doneBytes: counted.done,
      writtenBytes: counted.written,
      skippedBytes: counted.skipped,
      bytesPerSecond: meter.rate(),
      ...(secondsLeft === null ? {} : { secondsLeft }),
      ...(this.#work === 'checking' ? { checking: true } : {}),
    });
  }

  all(): DiskProgress[] {
    return [...this.#disks.values()];
  }

  #meterOf(slot: DiskSlot): DiskMeter {
    const known = this.#meters.get(slot);
    if (known !== undefined) return known;
    const meter = new DiskMeter();
    this.#meters.set(slot, meter);
    return meter;
  }
}

class DiskMeter {
  lightAfter: LightAfter = () => null;
  readonly #pace = new Pace();
  readonly #light = new LightLeft();
  #window: Sample[] = [];
  #first: Sample | undefined;
  #last: Sample | undefined;

  see(sample: Sample, totalBytes: number): void {
    const { at, counted } = sample;
    this.#first ??= sample;
    this.#last ??= sample;
    if (this.#learn(this.#last, sample)) this.#last = sample;
    const way = {
      done: counted.done - this.#first.counted.done,
      light: counted.skipped - this.#first.counted.skipped,
    };
    const left = Math.max(0, totalBytes - counted.done);
    this.#light.learn(way, { left, expected: this.lightAfter(counted.done), totalBytes });
    this.#window = this.#window.filter((old) => at - old.at <= WINDOW_MS);
    this.#window.push(sample);
  }

  /** False when nothing went on in between: a chunk may take longer than a look. */
  #learn(before: Sample, now: Sample): boolean {
    const wallMs = now.at - before.at;
    const gone = (key: keyof Counted) => now.counted[key] - before.counted[key];
    if (wallMs <= 0 || gone('done') <= 0) return false;
    const light = gone('skipped');
    const bytes = { heavy: Math.max(0, gone('done') - light), light };
    const told = { heavy: gone('heavyMs'), light: gone('lightMs') };
    // Work that doesn't tell what its time went into is taken to be as work is elsewhere.
    const spent = told.heavy + told.light > 0 ? told : usualTimes(bytes);
    // The threads' time is told; what people wait is the wall's.
    const share = wallMs / (spent.heavy + spent.light);
    const times = { heavy: spent.heavy * share, light: spent.light * share };
    this.#pace.learn(bytes, times, gone('readingMs') * share);
    return true;
  }

  rate(): number {
    const [oldest] = this.#window;
    const newest = this.#window.at(-1);
    if (oldest === undefined || newest === undefined || newest.at <= oldest.at) return 0;
    const bytes = newest.counted.done - oldest.counted.done;
    return Math.max(0, Math.round((bytes * 1000) / (newest.at - oldest.at)));
  }

  /** Null while too little was seen. */
  secondsLeft(totalBytes: number): number | null {
    if (this.#first === undefined || this.#last === undefined) return null;
    const { at, counted } = this.#last;
    const left = Math.max(0, totalBytes - counted.done);
    if (left === 0) return 0;
    if (at - this.#first.at < FIRST_FORECAST_MS) return null;
    const light = this.#light.of(left, this.lightAfter(counted.done));
    const forecast = this.#pace.forecast({ heavy: left - light, light });
    return forecast === null ? null : Math.round(forecast / 1000);
  }
}
