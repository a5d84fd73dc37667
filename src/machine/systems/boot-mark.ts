import { createHash } from 'node:crypto';
import { BootId } from '../../contract/ids.ts';

/**
 * A boot id for a system that has no UUID of its boots: from what it has instead, such as the
 * time of the boot. Shaped as a UUID of version 8 (RFC 9562), whose bits mean what we like.
 */
export function bootIdOfMark(mark: string): BootId {
  const hex = createHash('sha256').update(`testbox boot mark ${mark}`).digest('hex');
  const variant = (Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8;
  return BootId.parse(
    [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `8${hex.slice(13, 16)}`,
      `${variant.toString(16)}${hex.slice(17, 20)}`,
      hex.slice(20, 32),
    ].join('-'),
  );
}
