import { describe, expect, it } from 'vitest';
import { formatAge, formatBytes, formatDuration, formatTime, shorten } from '../../src/chat/format.ts';

describe('numbers for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1536, '1.5 KiB'],
    [512 * 2 ** 20, '512 MiB'],
    [1.5 * 2 ** 40, '1.5 TiB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [0, '0 s'],
    [59_400, '59 s'],
    [95_000, '1 min 35 s'],
    [120_000, '2 min'],
    [5_400_000, '1 h 30 min'],
    [90_000_000, '1 d 1 h'],
  ])('%d ms are %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('tells ages, times and cuts', () => {
    expect(formatAge(30_000)).toBe('just now');
    expect(formatAge(3 * 86_400_000)).toBe('3 d ago');
    expect(formatTime(Date.UTC(2026, 10, 22, 17, 28, 55))).toBe('2026-11-22 17:28 UTC');
    expect(shorten('abcdef', 4)).toBe('abc…');
  });
});
