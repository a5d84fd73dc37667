import { isIP } from 'node:net';
import { z } from 'zod';
import { Action } from '../contract/action.ts';
import { TestboxAddress } from '../contract/address.ts';
import { ROLES } from '../domain/access.ts';
import { DEADLINE_NAMES, type DeadlineName, type OperatingSystem } from '../domain/testbox.ts';
import { BootSettings } from './boot-schema.ts';
import { DiscordChannel } from './discord-values.ts';
import { Duration } from './duration.ts';
import { PowerSettings } from './power-schema.ts';
import { SlackChannel } from './slack-values.ts';

/** The file says deadlines in kebab-case: `callHome` is `call-home`. */
export function deadlineKey(name: DeadlineName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

const SYSTEMS = [
  'linux',
  'windows',
  'macos',
  'freebsd',
  'solaris',
  'custom',
] as const satisfies readonly OperatingSystem[];

const Name = text(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/, 'a name of small letters, digits and dashes');
const Word = text(/^[^\s\u0000-\u001f\u007f]+$/, 'a text without spaces');
/** For the box's shell; a line break would make it two. */
const Command = text(/^[^\u0000-\u001f\u007f]{1,2000}$/, 'a command of one line');
const Port = wholeNumber({ from: 1, to: 65_535 });
const IpAddress = z.string('an IP address').refine((value) => isIP(value) !== 0, 'an IP address');
const PLATFORMS = ['console', 'slack', 'discord'] as const;

const Mac = text(/^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i, 'a MAC address such as 52:54:00:00:00:42').transform(
  (mac) => mac.toLowerCase().replaceAll('-', ':'),
);

/**
 * `platform:team:id`, of a user or of a group. One that was copied out of a chat can carry
 * characters that nobody sees, which keep the chat from making an emoji of it.
 */
const PlatformId = z.string('platform:team:id').transform((value, context) => {
  const seen = value.replace(/\p{Cf}/gu, '');
  const [, platform, team, id] = /^([^:\s]+):([^:\s]+):([^:\s]+)$/.exec(seen) ?? [];
  const known = PLATFORMS.find((name) => name === platform);
  if (known !== undefined && team !== undefined && id !== undefined) return { platform: known, team, id };
  context.addIssue(`platform:team:id, where the platform is ${PLATFORMS.join(', ')}`);
  return z.NEVER;
});

/**
 * Words for the maintenance system's kernel. Those that say what is booted, and with which
 * orders, are not for the inventory: the last one on the line counts. A quotation mark would
 * swallow the words behind it.
 */
const KernelWord = Word.refine(
  (value) => !/^(?:testbox[-.]|(?:initrd|BOOT_IMAGE|boot|root|nfsroot|init|rdinit)(?:=|$))/.test(value),
  'a kernel word that is not one of the bot (testbox-…, testbox.…, initrd=, boot=, root=, nfsroot=, init=)',
).refine((value) => !/["\\]/.test(value), 'a kernel word without quotation marks and backslashes');

const Deadlines = z.strictObject(
  Object.fromEntries(DEADLINE_NAMES.map((name) => [deadlineKey(name), Duration.optional()])),
);

const Channel = z.strictObject({
  console: Word.optional(),
  slack: SlackChannel.optional(),
  discord: DiscordChannel.optional(),
});

const Group = z
  .strictObject({
    channel: Channel.optional(),
    deadlines: Deadlines.optional(),
    power: PowerSettings.optional(),
    ...BootSettings.shape,
  })
  .nullable()
  .transform((group) => group ?? {});

const Ssh = z.strictObject({
  host: Word.optional(),
  port: Port.default(22),
  user: text(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/, 'a user name').default('root'),
  'host-key': z.enum(['known-hosts', 'first-use'], 'known-hosts or first-use').default('known-hosts'),
  reboot: Command.optional(),
  'boot-id': Command.optional(),
});

const Back = z.union(
  [z.enum(['ssh', 'none']), z.strictObject({ tcp: Port })],
  'ssh, none or { tcp: <port> }',
);

export const InventoryBox = z.strictObject({
  name: Name,
  ip: z.string('an IPv4 address such as 10.40.41.42').pipe(TestboxAddress),
  mac: Mac.optional(),
  groups: z.array(Name).default([]),
  os: z.enum(SYSTEMS, `one of ${SYSTEMS.join(', ')}`).default('linux'),
  ssh: Ssh.prefault({}),
  back: Back.default('ssh'),
  power: PowerSettings.optional(),
  'reports-from': IpAddress.optional(),
  disks: z.array(Word).min(1, 'at least one disk, or no "disks" at all').optional(),
  'kernel-words': z.array(KernelWord).default([]),
  ...BootSettings.shape,
  deadlines: Deadlines.default({}),
  channel: Channel.default({}),
});
export type InventoryBox = z.infer<typeof InventoryBox>;

const Role = z.strictObject({
  people: z.array(Name).default([]),
  users: z.array(PlatformId).default([]),
  groups: z.array(PlatformId).default([]),
});

const ActionPolicy = z.union(
  [z.literal('confirm'), z.strictObject({ approve: wholeNumber({ from: 1, to: 20 }) })],
  'confirm or { approve: <number of people> }',
);

/** The file `testboxes.yaml` as people write it. */
export const InventoryFile = z.strictObject({
  groups: z.record(Name, Group).default({}),
  testboxes: z.array(InventoryBox).default([]),
  people: z.record(Name, z.array(PlatformId)).default({}),
  roles: z.partialRecord(z.enum(ROLES, `one of ${ROLES.join(', ')}`), Role).default({}),
  policy: z.partialRecord(Action, ActionPolicy).default({}),
});
export type InventoryFile = z.infer<typeof InventoryFile>;

/** A box's own settings, then those of its groups: the first that says something counts. */
export function layersOf(box: InventoryBox, file: InventoryFile) {
  return [box, ...box.groups.map((name) => file.groups[name] ?? {})];
}

/** Every key there is, for "did you mean". */
export const INVENTORY_KEYS: readonly string[] = [
  ...[InventoryFile, InventoryBox, Ssh, PowerSettings, Role, Channel, Deadlines].flatMap((schema) =>
    Object.keys(schema.shape),
  ),
  ...ROLES,
  ...Action.options,
  'tcp',
  'netmask',
  'gateway',
  'approve',
];

function text(pattern: RegExp, expected: string) {
  return z.string(expected).regex(pattern, expected);
}

function wholeNumber({ from, to }: { from: number; to: number }) {
  const expected = `a whole number from ${from} to ${to}`;
  return z.int(expected).min(from, expected).max(to, expected);
}
