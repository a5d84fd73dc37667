import { TestboxAddress } from '../../../src/contract/address.ts';
import type { Testbox } from '../../../src/domain/testbox.ts';
import { PLUTO_BOX } from '../../fakes/app.ts';
import { LAB } from '../../fakes/slack/workspace.ts';

const PER_NET = 200;

/** So many boxes in one channel; the first is pluto. */
export function boxesOf(count: number): Testbox[] {
  return Array.from({ length: count }, (_, index) => {
    const address = TestboxAddress.parse(
      `10.40.${41 + Math.floor(index / PER_NET)}.${1 + (index % PER_NET)}`,
    );
    return {
      ...PLUTO_BOX,
      name: index === 0 ? 'pluto' : `box-${String(index).padStart(3, '0')}`,
      address,
      mac: null,
      ssh: { ...PLUTO_BOX.ssh, host: address },
      reportsFrom: address,
      channels: { console: null, slack: LAB, discord: null },
    };
  });
}
