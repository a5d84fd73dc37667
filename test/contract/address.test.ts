import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hexAddress, parseTestboxAddress } from '../../src/contract/address.ts';

describe('a testbox address', () => {
  it('gives the name that PXELINUX looks for', () => {
    const address = parseTestboxAddress('10.40.41.42');

    expect(address && hexAddress(address)).toBe('0A28292A');
  });

  it.each([
    '10.40.41.256',
    '10.40.41.042',
    '010.40.41.42',
    '10.40.41',
    '10.40.41.42.1',
    '10.40.41.4 2',
    ' 10.40.41.42',
    'pluto',
    '',
    '10.40.41.-1',
    '１0.40.41.42',
  ])('defect 14: octets above 255 and leading zeros give no boot file: %j is refused', (text) => {
    expect(parseTestboxAddress(text)).toBeUndefined();
  });

  it('always has eight hex digits that give the octets back', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => {
        const address = parseTestboxAddress(text);
        const hex = address === undefined ? '' : hexAddress(address);

        expect(hex).toMatch(/^[0-9A-F]{8}$/);
        expect(Buffer.from(hex, 'hex').join('.')).toBe(text);
      }),
    );
  });
});
