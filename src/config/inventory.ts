import { type Document, LineCounter, parseDocument } from 'yaml';
import { ACTIONS } from '../contract/action.ts';
import { type AccessRules, DEFAULT_POLICY, type ROLES } from '../domain/access.ts';
import {
  type Channels,
  DEADLINE_NAMES,
  DEFAULT_DEADLINES,
  type Deadlines,
  type Testbox,
} from '../domain/testbox.ts';
import { networkOf, serialConsoleOf, uefiLocalBootOf } from './boot-schema.ts';
import { inventoryConflicts } from './inventory-conflicts.ts';
import { describeIssue, placeOf } from './inventory-problems.ts';
import { deadlineKey, type InventoryBox, InventoryFile, layersOf } from './inventory-schema.ts';
import { powerFor } from './power-schema.ts';

export interface InventoryContent {
  testboxes: readonly Testbox[];
  access: AccessRules;
}

export type InventoryReading = ({ ok: true } & InventoryContent) | { ok: false; problems: string[] };

export const NO_CHANNELS: Channels = { console: null, slack: null, discord: null };

/**
 * Reads the text of `testboxes.yaml`. Every problem is one line with its place in the file.
 * A box's own settings come before those of its groups, an earlier group before a later one.
 */
export function readInventory(text: string, defaultChannels: Channels = NO_CHANNELS): InventoryReading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: true });
  const [broken] = document.errors;
  if (broken !== undefined) return { ok: false, problems: [`not YAML: ${firstLine(broken.message)}`] };
  const content = plainValue(document);
  if (!content.ok) return { ok: false, problems: [`not YAML: ${content.why}`] };
  const parsed = InventoryFile.safeParse(content.value ?? {});
  if (!parsed.success) {
    return {
      ok: false,
      problems: parsed.error.issues.flatMap((issue) => describeIssue(issue, document, lines)),
    };
  }
  const conflicts = inventoryConflicts(parsed.data);
  if (conflicts.length > 0) {
    return {
      ok: false,
      problems: conflicts.map(({ path, problem }) => `${placeOf(path, document, lines)}: ${problem}`),
    };
  }
  return {
    ok: true,
    testboxes: parsed.data.testboxes.map((box) => toTestbox(box, parsed.data, defaultChannels)),
    access: toAccessRules(parsed.data),
  };
}

/** Aliases are only resolved here: unknown ones, and those that would grow without end, throw. */
function plainValue(document: Document): { ok: true; value: unknown } | { ok: false; why: string } {
  try {
    return { ok: true, value: document.toJS() };
  } catch (error) {
    return { ok: false, why: String(error) };
  }
}

function toTestbox(box: InventoryBox, file: InventoryFile, defaultChannels: Channels): Testbox {
  const layers = layersOf(box, file);
  const channelOf = (platform: keyof Channels) =>
    layers.find(({ channel }) => channel?.[platform] !== undefined)?.channel?.[platform] ??
    defaultChannels[platform];
  const power = layers.find((layer) => layer.power !== undefined)?.power;
  const { reboot, 'boot-id': bootId } = box.ssh;
  return {
    name: box.name,
    address: box.ip,
    mac: box.mac ?? null,
    groups: box.groups,
    os: box.os,
    commands: reboot === undefined || bootId === undefined ? null : { reboot, bootId },
    ssh: {
      host: box.ssh.host ?? box.ip,
      port: box.ssh.port,
      user: box.ssh.user,
      hostKey: box.ssh['host-key'],
    },
    back: typeof box.back === 'string' ? { kind: box.back } : { kind: 'tcp', port: box.back.tcp },
    power: power === undefined ? null : powerFor(power, box),
    reportsFrom: box['reports-from'] ?? box.ip,
    disks: box.disks ?? null,
    kernelWords: box['kernel-words'],
    network: networkOf(layers),
    serialConsole: serialConsoleOf(layers),
    uefiLocalBoot: uefiLocalBootOf(layers),
    deadlines: deadlinesOf(layers.map(({ deadlines }) => deadlines ?? {})),
    channels: { console: channelOf('console'), slack: channelOf('slack'), discord: channelOf('discord') },
  };
}

function deadlinesOf(layers: readonly Readonly<Record<string, number | undefined>>[]): Deadlines {
  const deadlines = { ...DEFAULT_DEADLINES };
  for (const name of DEADLINE_NAMES) {
    const key = deadlineKey(name);
    deadlines[name] = layers.find((layer) => layer[key] !== undefined)?.[key] ?? deadlines[name];
  }
  return deadlines;
}

function toAccessRules(file: InventoryFile): AccessRules {
  const asUser = ({ platform, team, id }: PlatformId) => ({ platform, team, user: id });
  const asGroup = ({ platform, team, id }: PlatformId) => ({ platform, team, group: id });
  const members = (role: (typeof ROLES)[number]) => ({
    people: file.roles[role]?.people ?? [],
    users: (file.roles[role]?.users ?? []).map(asUser),
    groups: (file.roles[role]?.groups ?? []).map(asGroup),
  });
  const policy = { ...DEFAULT_POLICY };
  for (const action of ACTIONS) {
    const own = file.policy[action];
    if (own !== undefined) policy[action] = { approvals: own === 'confirm' ? 0 : own.approve };
  }
  return {
    people: new Map(Object.entries(file.people).map(([name, ids]) => [name, ids.map(asUser)])),
    roles: { viewer: members('viewer'), operator: members('operator'), approver: members('approver') },
    policy,
  };
}

type PlatformId = InventoryFile['people'][string][number];

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.replace(/:$/, '') ?? text;
}
