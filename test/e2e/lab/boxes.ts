/** Every box that the labs know, as the inventory has it. */
export interface LabBox {
  name: string;
  address: string;
  mac: string;
  uuid: string;
  /** Serial numbers of its disks; null for a disk without one. */
  serials: readonly (string | null)[];
  /** Further settings of the inventory, as YAML has them. */
  inventory?: Readonly<Record<string, unknown>>;
}

function box(name: string, number: number, rest: Pick<LabBox, 'serials' | 'inventory'>): LabBox {
  return {
    name,
    address: `10.40.41.${number}`,
    mac: `52:54:00:00:00:${number}`,
    uuid: `7e57b0c5-0000-4000-8000-0000000000${number}`,
    ...rest,
  };
}

export const PLUTO = box('pluto', 42, { serials: ['LAB-PLUTO-1'] });
export const VENUS = box('venus', 43, { serials: ['LAB-VENUS-1'] });
/** Its disk tells no serial number. */
export const MARS = box('mars', 44, { serials: [null] });
/** Two disks that say they are the same one. */
export const SATURN = box('saturn', 45, { serials: ['LAB-SATURN-1', 'LAB-SATURN-1'] });

export const LAB_BOXES: readonly LabBox[] = [PLUTO, VENUS, MARS, SATURN];
