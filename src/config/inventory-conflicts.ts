import { didYouMean } from '../domain/did-you-mean.ts';
import { inSameNet, isHostOf } from '../domain/subnet.ts';
import { networkOf, uefiLocalBootOf } from './boot-schema.ts';
import { type InventoryFile, layersOf } from './inventory-schema.ts';

export interface InventoryConflict {
  path: readonly (string | number)[];
  problem: string;
}

/** What is well-formed and still can't be: the same thing twice, or a name that nothing has. */
export function inventoryConflicts(file: InventoryFile): InventoryConflict[] {
  return [
    ...doubledValues(file, 'name', (box) => box.name),
    ...doubledValues(file, 'ip', (box) => box.ip),
    ...doubledValues(file, 'mac', (box) => box.mac),
    ...unknownGroups(file),
    ...misplacedCommands(file),
    ...impossibleNetworks(file),
    ...wordsThatGrubWouldRead(file),
    ...unknownPeople(file),
    ...doubledIds(file),
  ];
}

function doubledValues(
  file: InventoryFile,
  key: string,
  read: (box: InventoryFile['testboxes'][number]) => string | undefined,
): InventoryConflict[] {
  const firstWith = new Map<string, number>();
  return file.testboxes.flatMap((box, index) => {
    const value = read(box);
    if (value === undefined) return [];
    const first = firstWith.get(value);
    if (first === undefined) {
      firstWith.set(value, index);
      return [];
    }
    return [{ path: ['testboxes', index, key], problem: `${value} is already that of testboxes[${first}]` }];
  });
}

/** Without any settings for groups, their names are labels that nothing has to know. */
function unknownGroups(file: InventoryFile): InventoryConflict[] {
  const known = Object.keys(file.groups);
  if (known.length === 0) return [];
  return file.testboxes.flatMap((box, index) =>
    box.groups.flatMap((group, position) =>
      known.includes(group)
        ? []
        : [
            {
              path: ['testboxes', index, 'groups', position],
              problem: `there is no group "${group}" under groups${meant(group, known)}`,
            },
          ],
    ),
  );
}

/** The bot knows the commands of every system but a custom one. */
function misplacedCommands(file: InventoryFile): InventoryConflict[] {
  return file.testboxes.flatMap(({ os, ssh }, index) =>
    (['reboot', 'boot-id'] as const).flatMap((key) => {
      const given = ssh[key] !== undefined;
      if (given === (os === 'custom')) return [];
      const problem = given
        ? `the bot has its own commands for ${os}; yours count with os: custom only`
        : 'expected a command, because os is custom, got nothing';
      return [{ path: ['testboxes', index, 'ssh', key], problem }];
    }),
  );
}

/** The net may be a group's: only with a box's address is it known whether it fits. */
function impossibleNetworks(file: InventoryFile): InventoryConflict[] {
  return file.testboxes.flatMap((box, index) => {
    const network = networkOf(layersOf(box, file));
    if (network.kind !== 'static') return [];
    const { netmask, gateway } = network;
    const problem = !isHostOf(box.ip, netmask)
      ? `${box.ip} is no address of a box in a net of ${netmask}`
      : gateway === box.ip
        ? `${gateway} is the box itself, not its gateway`
        : gateway !== null && !inSameNet(box.ip, gateway, netmask)
          ? `the gateway ${gateway} is not in the net of ${box.ip} with ${netmask}`
          : null;
    const place = box.network === undefined ? 'ip' : 'network';
    return problem === null ? [] : [{ path: ['testboxes', index, place], problem }];
  });
}

/** GRUB makes a script of a boot config, and puts the kernel's words into it as they are. */
function wordsThatGrubWouldRead(file: InventoryFile): InventoryConflict[] {
  return file.testboxes.flatMap((box, index) => {
    if (uefiLocalBootOf(layersOf(box, file)) !== 'grub') return [];
    return box['kernel-words'].flatMap((word, position) => {
      const [sign] = /[$;&|<>{}'`]|^#/.exec(word) ?? [];
      if (sign === undefined) return [];
      const problem = `"${word}" has a ${sign}, which uefi-local-boot: grub takes for its own; leave the word out, or let the box boot by firmware`;
      return [{ path: ['testboxes', index, 'kernel-words', position], problem }];
    });
  });
}

function unknownPeople(file: InventoryFile): InventoryConflict[] {
  const known = Object.keys(file.people);
  return Object.entries(file.roles).flatMap(([role, members]) =>
    (members?.people ?? []).flatMap((name, position) =>
      known.includes(name)
        ? []
        : [
            {
              path: ['roles', role, 'people', position],
              problem: `there is nobody called "${name}" under people${meant(name, known)}`,
            },
          ],
    ),
  );
}

/** One id in two people would let one person approve as two. */
function doubledIds(file: InventoryFile): InventoryConflict[] {
  const ownerOf = new Map<string, string>();
  return Object.entries(file.people).flatMap(([name, ids]) =>
    ids.flatMap(({ platform, team, id }, position) => {
      const key = `${platform}:${team}:${id}`;
      const owner = ownerOf.get(key);
      ownerOf.set(key, owner ?? name);
      return owner === undefined || owner === name
        ? []
        : [{ path: ['people', name, position], problem: `${key} is already one of ${owner}` }];
    }),
  );
}

function meant(typed: string, known: readonly string[]): string {
  const near = didYouMean(typed, known);
  return near === null ? '' : `, did you mean "${near}"?`;
}
