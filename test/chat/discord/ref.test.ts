import { describe, expect, it } from 'vitest';
import { createdAt, firstSnowflakeAt, parseRef, toRef } from '../../../src/chat/discord/ref.ts';

const AT = Date.UTC(2026, 10, 22, 12);

describe('a reference to a message on Discord', () => {
  it('is read as it was written', () => {
    const place = { channel: '1100000000000000101', message: '1100000000000000999' };

    expect(parseRef(toRef(place))).toEqual(place);
  });

  it.each(['', '1:2', 'C1:1.2', '1100000000000000101', '1100000000000000101:', '1100000000000000101:x'])(
    'is not %j',
    (ref) => {
      expect(parseRef(ref)).toBeNull();
    },
  );
});

describe('a snowflake', () => {
  it('tells when it was given', () => {
    // The example of Discord's own reference.
    expect(createdAt('175928847299117063')).toBe(Date.UTC(2016, 3, 30, 11, 18, 25, 796));
  });

  it('is made for a moment', () => {
    expect(createdAt(firstSnowflakeAt(AT))).toBe(AT);
    expect(createdAt(String(BigInt(firstSnowflakeAt(AT)) - 1n))).toBe(AT - 1);
    expect(firstSnowflakeAt(0)).toBe('0');
  });
});
