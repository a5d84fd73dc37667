import { describe, expect, it } from 'vitest';
import { SeenBefore } from '../../src/chat/seen-before.ts';
import { FakeClock } from '../fakes/clock.ts';

const MINUTE = 60_000;

describe('SeenBefore', () => {
  it('knows a key for 15 minutes from its first delivery on', () => {
    const clock = new FakeClock(0);
    const seen = new SeenBefore(clock);

    const first = seen.isNew('e1');
    clock.advance(15 * MINUTE - 1);
    const again = seen.isNew('e1');
    clock.advance(1);
    const later = seen.isNew('e1');

    expect([first, again, later]).toEqual([true, false, true]);
  });

  it('takes what has no key for new each time', () => {
    const seen = new SeenBefore(new FakeClock(0));

    expect([seen.isNew(undefined), seen.isNew(undefined)]).toEqual([true, true]);
  });

  it('remembers a limited number, and forgets the oldest first', () => {
    const seen = new SeenBefore(new FakeClock(0));
    for (let n = 0; n < 10_001; n += 1) seen.isNew(`e${n}`);

    expect(seen.isNew('e10000')).toBe(false);
    expect(seen.isNew('e1')).toBe(false);
    expect(seen.isNew('e0')).toBe(true);
  });
});
