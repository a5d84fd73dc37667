import type { HostKeyPins } from '../../app/ports.ts';
import type { Environment } from '../../config/dotenv.ts';
import { readHostKeysEnvironment } from '../../config/host-keys-env.ts';
import { openInventory } from '../../config/watched-inventory.ts';
import { createHostKeyPins } from '../../database/host-keys.ts';
import { openDatabase } from '../../database/open.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { fingerprint } from '../../machine/host-keys.ts';
import { pinPlace, restoredPlace } from '../../machine/trust.ts';
import { chooseBoxes } from '../choose-boxes.ts';

export interface HostKeysWork {
  kind: 'list' | 'forget';
  /** Without names, all boxes. */
  boxes: readonly string[];
}

interface Outcome {
  /** Of the process. */
  status: number;
  said: readonly string[];
  problems: readonly string[];
}

const DONE = 0;
const FAILED = 1;
const USAGE_ERROR = 2;

export async function workOnHostKeys(env: Environment, { kind, boxes }: HostKeysWork): Promise<Outcome> {
  const environment = readHostKeysEnvironment(env);
  if (!environment.ok) return { status: FAILED, said: [], problems: environment.problems };
  const { database, inventoryFile } = environment.config;
  if (database.kind === 'postgres')
    return { status: FAILED, said: [], problems: ['expected a SQLite file in DATABASE_URL'] };
  const opened = await openInventory(inventoryFile);
  if (!opened.ok) return { status: FAILED, said: [], problems: opened.problems };
  const chosen = chooseBoxes(opened.inventory.testboxes(), boxes);
  if ('problems' in chosen) return { status: USAGE_ERROR, said: [], problems: chosen.problems };
  const db = await openDatabase(database.path);
  const pins = createHostKeyPins(db);
  try {
    const said: string[] = [];
    for (const box of chosen.boxes)
      said.push(await (kind === 'list' ? told(box, pins) : forgotten(box, pins)));
    return { status: DONE, said, problems: [] };
  } finally {
    await db.destroy();
  }
}

async function told({ name, ssh }: Testbox, pins: HostKeyPins): Promise<string> {
  const listed = ssh.hostKey === 'known-hosts';
  const key = await pins.pinned(listed ? restoredPlace(ssh) : pinPlace(ssh));
  if (listed)
    return `${name}: by the known_hosts file${key === null ? '' : `, and by ${fingerprint(key)}, which a restore has brought`}`;
  return `${name}: ${key === null ? 'not known yet, the first key that it shows is kept' : fingerprint(key)}`;
}

async function forgotten({ name, ssh }: Testbox, pins: HostKeyPins): Promise<string> {
  const listed = ssh.hostKey === 'known-hosts';
  const had = await pins.forget(listed ? restoredPlace(ssh) : pinPlace(ssh));
  const then = listed ? 'it is known by the known_hosts file' : 'the next key that it shows is kept';
  return `${name}: ${had ? 'forgotten' : 'there was none'}; ${then}`;
}
