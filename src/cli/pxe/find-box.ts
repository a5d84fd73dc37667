import { existsSync } from 'node:fs';
import type { BootedBox } from '../../app/boot-config.ts';
import { openInventory } from '../../config/watched-inventory.ts';
import { parseTestboxAddress, type TestboxAddress } from '../../contract/address.ts';
import { didYouMean } from '../../domain/did-you-mean.ts';

/** What a boot config needs to know of its box. */
export type PxeBox = BootedBox;

export type FoundBox = { kind: 'box'; box: PxeBox; warnings: string[] } | { kind: 'unknown'; why: string };

/** A box of the inventory by name or address; an address may also be of no box in it. */
export async function findBox(typed: string, inventoryFile: string): Promise<FoundBox> {
  const address = parseTestboxAddress(typed);
  const inventory = await openInventory(inventoryFile);
  const boxes = inventory.ok ? inventory.inventory.testboxes() : [];
  const box = boxes.find(({ name, address: own }) => name === typed || own === address);
  if (box !== undefined) return { kind: 'box', box, warnings: [] };
  if (address !== undefined) {
    // A lab without a bot needs no inventory; one that is there and broken may hold kernel words.
    const isBroken = !inventory.ok && existsSync(inventoryFile);
    return { kind: 'box', box: unlisted(address), warnings: isBroken ? unusable(inventory.problems) : [] };
  }
  const notAnAddress = `"${typed}" is no IPv4 address such as 10.40.41.42`;
  if (!inventory.ok) return { kind: 'unknown', why: [notAnAddress, ...inventory.problems].join('; ') };
  const near = didYouMean(
    typed,
    boxes.map(({ name }) => name),
  );
  const hint = near === null ? '' : `, did you mean ${near}?`;
  return { kind: 'unknown', why: `${notAnAddress}, and no box of ${inventoryFile}${hint}` };
}

function unlisted(address: TestboxAddress): PxeBox {
  return {
    name: address,
    address,
    mac: null,
    kernelWords: [],
    network: { kind: 'pxe' },
    serialConsole: null,
  };
}

function unusable(problems: readonly string[]): string[] {
  return problems.map((problem) => `warning: the inventory was not used: ${problem}`);
}
