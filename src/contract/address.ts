import { z } from 'zod';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const ADDRESS = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);

/**
 * The IPv4 address a testbox is known by, dotted decimal.
 *
 * Octets above 255 and leading zeros are refused: tools disagree on whether `010` is
 * ten or eight, and the wrong box's disk would be the price.
 */
export const TestboxAddress = z
  .string()
  .regex(ADDRESS, 'expected an IPv4 address such as 10.40.41.42')
  .brand<'TestboxAddress'>();
export type TestboxAddress = z.infer<typeof TestboxAddress>;

/** Gives undefined for anything that is not strictly an address. */
export function parseTestboxAddress(text: string): TestboxAddress | undefined {
  const parsed = TestboxAddress.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}

/** The name PXELINUX looks for: 10.40.41.42 → `0A28292A`. */
export function hexAddress(address: TestboxAddress): string {
  return address
    .split('.')
    .map((octet) => Number(octet).toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase();
}
