import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Budget, Pacer, type SpareRule } from '../../src/chat/pacer.ts';
import type { Urgency } from '../../src/chat/platform.ts';
import { ManualPacerClock } from '../fakes/pacer-clock.ts';

const KEY = 'edit';

describe('a pacer', () => {
  it('gives turns at once while the budget lasts, then when the window has moved on', async () => {
    const { clock, ask, granted } = paced({ count: 2, perMs: 1_000 });

    await ask('a', 'stage');
    await clock.advance(400);
    await ask('b', 'stage');
    await ask('c', 'stage');
    await ask('d', 'stage');
    await clock.advance(2_000);

    expect(granted).toEqual([
      ['a', 0],
      ['b', 400],
      ['c', 1_000],
      ['d', 1_400],
    ]);
  });

  it('lets people go before stages, and who came first before who came later', async () => {
    const { clock, ask, order } = paced({ count: 1, perMs: 100 });

    await ask('first', 'stage');
    await ask('stage 1', 'stage');
    await ask('stage 2', 'stage');
    await ask('person 1', 'people');
    await ask('person 2', 'people');
    await clock.advance(1_000);

    expect(order()).toEqual(['first', 'person 1', 'person 2', 'stage 1', 'stage 2']);
  });

  it('keeps some turns for people, which stages never get', async () => {
    const { clock, ask, granted } = paced({ count: 3, perMs: 1_000, forPeople: 2 });

    for (const name of ['s1', 's2', 's3']) await ask(name, 'stage');
    await clock.advance(100);
    for (const name of ['p1', 'p2', 'p3']) await ask(name, 'people');
    await clock.advance(5_000);

    expect(granted).toEqual([
      ['s1', 0],
      ['p1', 100],
      ['p2', 100],
      ['p3', 1_000],
      ['s2', 1_100],
      ['s3', 2_100],
    ]);
  });

  it('keeps the keys apart', async () => {
    const { pacer } = paced({ count: 1, perMs: 1_000 });

    await pacer.turn('C1', 'stage');
    await pacer.turn('C2', 'stage');

    await expect(Promise.race([pacer.turn('C1', 'stage'), 'waits'])).resolves.toBe('waits');
  });

  it('lets everybody wait while the platform wants a pause, and throws for nobody', async () => {
    const { clock, pacer, ask, granted } = paced({ count: 5, perMs: 1_000 });

    pacer.block(KEY, 30_000);
    await ask('a', 'people');
    await clock.advance(10_000);
    pacer.block(KEY, 30_000);
    await clock.advance(29_999);
    const before = granted.length;
    await clock.advance(1);

    expect(before).toBe(0);
    expect(granted).toEqual([['a', 40_000]]);
  });

  it('gives spare turns only when nobody waits, and leaves some for others', async () => {
    const rule = { atMost: 3, leave: 2 };
    const { clock, pacer, ask } = paced({ count: 6, perMs: 1_000 });
    const spare = () => pacer.spareTurn(KEY, rule);

    const fresh = [spare(), spare(), spare(), spare()];
    await clock.advance(1_000);
    for (const name of ['a', 'b', 'c']) await ask(name, 'stage');
    const besideOthers = [spare(), spare()];
    for (const name of ['d', 'e', 'waits']) await ask(name, 'stage');
    const whileSomebodyWaits = spare();

    expect(fresh).toEqual([true, true, true, false]);
    expect(besideOthers).toEqual([true, false]);
    expect(whileSomebodyWaits).toBe(false);
  });

  it('gives no spare turn while somebody waits whose time has come, on a busy machine', async () => {
    const { clock, pacer, ask } = paced({ count: 1, perMs: 1_000 });
    await ask('a', 'stage');
    await ask('waits', 'stage');

    clock.passUnnoticed(2_000);

    expect(pacer.spareTurn(KEY, { atMost: 3, leave: 0 })).toBe(false);
  });

  it('gives no spare turn while the platform wants a pause', async () => {
    const { pacer } = paced({ count: 6, perMs: 1_000 });

    pacer.block(KEY, 10);

    expect(pacer.spareTurn(KEY, { atMost: 3, leave: 0 })).toBe(false);
  });

  it('ends all waiting when it stops, and leaves no timer', async () => {
    const { clock, pacer } = paced({ count: 1, perMs: 1_000 });
    await pacer.turn(KEY, 'stage');
    const waiting = pacer.turn(KEY, 'people');

    pacer.stop(new Error('stopped'));

    await expect(waiting).rejects.toThrow('stopped');
    await expect(pacer.turn(KEY, 'people')).rejects.toThrow('stopped');
    expect(pacer.spareTurn(KEY, { atMost: 3, leave: 0 })).toBe(false);
    expect(clock.pending()).toBe(0);
  });

  it('keeps to the budget, the order and the pauses, whatever comes, and lets nobody wait for nothing', async () => {
    await fc.assert(
      fc.asyncProperty(budgets, fc.array(steps, { maxLength: 60 }), async (budget, done) => {
        const walk = new Walk(budget);

        for (const step of done) {
          await walk.take(step);
          expect(walk.waitsForNothing()).toBe(false);
        }
        await walk.finish();

        expect(walk.closestWindow()).toBeGreaterThanOrEqual(budget.perMs);
        expect(walk.unfairGrants()).toEqual([]);
        expect(walk.unansweredRequests()).toBe(0);
        expect(walk.mostSparesInAWindow()).toBeLessThanOrEqual(SPARE.atMost);
        expect(walk.grantsInPauses()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

const SPARE: SpareRule = { atMost: 2, leave: 1 };
const budgets = fc.record({
  count: fc.integer({ min: 3, max: 6 }),
  perMs: fc.integer({ min: 1, max: 12 }),
  forPeople: fc.integer({ min: 0, max: 2 }),
});
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<Step>({ ask: 'people' }, { ask: 'stage' }) },
  { weight: 2, arbitrary: fc.constant<Step>({ ask: 'spare' }) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 8 }).map((advance): Step => ({ advance })) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20 }).map((block): Step => ({ block })) },
);

type Step = { ask: Urgency | 'spare' } | { advance: number } | { block: number };
interface Grant {
  at: number;
  number: number;
  urgency: Urgency | 'spare';
  /** Who was waiting then. */
  waiting: readonly { number: number; urgency: Urgency }[];
  blockedUntil: number;
}

/** A pacer that things happen to, and what is to be said of it afterwards. */
class Walk {
  readonly #budget: Budget;
  readonly #clock = new ManualPacerClock();
  readonly #pacer: Pacer;
  readonly #grants: Grant[] = [];
  #waiting: { number: number; urgency: Urgency }[] = [];
  #asked = 0;
  #blockedUntil = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
    this.#pacer = new Pacer(() => budget, this.#clock);
  }

  async take(step: Step): Promise<void> {
    if ('advance' in step) return this.#clock.advance(step.advance);
    if ('block' in step) {
      this.#pacer.block(KEY, step.block);
      this.#blockedUntil = Math.max(this.#blockedUntil, this.#clock.now() + step.block);
    } else if (step.ask === 'spare') this.#takeSpare();
    else this.#ask(step.ask);
    await this.#clock.advance(0);
  }

  async finish(): Promise<void> {
    await this.#clock.advance(20 + this.#budget.perMs * (this.#asked + 1));
  }

  waitsForNothing(): boolean {
    const now = this.#clock.now();
    if (this.#blockedUntil > now) return false;
    const inWindow = this.#grants.filter(({ at }) => at + this.#budget.perMs > now);
    const free = this.#budget.count - inWindow.length;
    const freeForStages =
      this.#countForStages() - inWindow.filter(({ urgency }) => urgency !== 'people').length;
    return this.#waiting.some(({ urgency }) => free > 0 && (urgency === 'people' || freeForStages > 0));
  }

  /** The least time between a grant and the one that uses its place again. */
  closestWindow(): number {
    const others = this.#grants.filter(({ urgency }) => urgency !== 'people');
    return Math.min(closest(this.#grants, this.#budget.count), closest(others, this.#countForStages()));
  }

  unfairGrants(): readonly Grant[] {
    return this.#grants.filter(({ number, urgency, waiting }) =>
      waiting.some(
        (other) =>
          urgency === 'spare' ||
          (other.urgency === urgency && other.number < number) ||
          (other.urgency === 'people' && urgency === 'stage'),
      ),
    );
  }

  unansweredRequests(): number {
    return this.#waiting.length;
  }

  mostSparesInAWindow(): number {
    const spares = this.#grants.filter(({ urgency }) => urgency === 'spare');
    const counts = spares.map(
      ({ at }) => spares.filter((other) => other.at >= at && other.at < at + this.#budget.perMs).length,
    );
    return Math.max(0, ...counts);
  }

  grantsInPauses(): readonly Grant[] {
    return this.#grants.filter(({ at, blockedUntil }) => at < blockedUntil);
  }

  #countForStages(): number {
    return this.#budget.count - (this.#budget.forPeople ?? 0);
  }

  #takeSpare(): void {
    const given = this.#pacer.spareTurn(KEY, SPARE);
    if (given) this.#note({ number: this.#asked, urgency: 'spare' });
  }

  #ask(urgency: Urgency): void {
    const request = { number: this.#asked++, urgency };
    this.#waiting.push(request);
    void this.#pacer.turn(KEY, urgency).then(() => {
      this.#waiting = this.#waiting.filter((other) => other !== request);
      this.#note(request);
    });
  }

  #note(request: { number: number; urgency: Urgency | 'spare' }): void {
    const at = this.#clock.now();
    this.#grants.push({ ...request, at, waiting: [...this.#waiting], blockedUntil: this.#blockedUntil });
  }
}

function closest(grants: readonly Grant[], count: number): number {
  const distances = grants.map(({ at }, index) => {
    const later = grants[index + count];
    return later === undefined ? Number.POSITIVE_INFINITY : later.at - at;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...distances);
}

function paced(budget: Budget) {
  const clock = new ManualPacerClock();
  const pacer = new Pacer(() => budget, clock);
  const granted: [name: string, at: number][] = [];
  return {
    clock,
    pacer,
    granted,
    order: () => granted.map(([name]) => name),
    ask: async (name: string, urgency: Urgency) => {
      void pacer.turn(KEY, urgency).then(() => granted.push([name, clock.now()]));
      await clock.advance(0);
    },
  };
}
