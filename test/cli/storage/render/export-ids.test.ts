import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withExportIds } from '../../../../src/cli/storage/render/export-ids.ts';
import { TestboxAddress } from '../../../../src/contract/address.ts';

const boxes = (...addresses: string[]) =>
  addresses.map((address) => ({ address: TestboxAddress.parse(address) }));
const idsOf = (...addresses: string[]) =>
  Object.fromEntries(withExportIds(boxes(...addresses)).map(({ address, exportId }) => [address, exportId]));

const Address = fc
  .tuple(fc.constantFrom(10, 172), fc.nat(2), fc.nat(255), fc.nat(255))
  .map((octets) => octets.join('.'));

it('is the lower half of the address: 10.40.41.42 has 10538, whoever else there is', () => {
  expect(idsOf('10.40.41.42')).toEqual({ '10.40.41.42': 10_538 });
  expect(idsOf('10.40.41.43', '10.40.41.2', '10.40.41.42')).toMatchObject({ '10.40.41.42': 10_538 });
});

it('takes the next free one for boxes that differ in the upper half only, the same way in any order', () => {
  const ids = { '10.40.41.42': 10_538, '10.41.41.42': 10_539, '10.41.41.43': 10_540 };

  expect(idsOf('10.40.41.42', '10.41.41.42', '10.41.41.43')).toEqual(ids);
  expect(idsOf('10.41.41.43', '10.41.41.42', '10.40.41.42')).toEqual(ids);
});

it("keeps clear of the exports that are no box's, and within 16 bits", () => {
  expect(idsOf('10.0.0.3', '10.1.255.255', '10.2.255.255')).toEqual({
    '10.0.0.3': 16,
    '10.1.255.255': 65_535,
    '10.2.255.255': 17,
  });
});

it('gives no number twice', () => {
  fc.assert(
    fc.property(fc.uniqueArray(Address, { maxLength: 60 }), (addresses) => {
      const ids = withExportIds(boxes(...addresses)).map(({ exportId }) => exportId);
      expect(new Set(ids).size).toBe(addresses.length);
      expect(ids.every((id) => id >= 16 && id <= 65_535)).toBe(true);
    }),
  );
});
