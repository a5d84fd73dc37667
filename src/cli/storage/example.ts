import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readInventory } from '../../config/inventory.ts';
import { BACKUP_EXPORT, NFSROOT_EXPORT, TFTP_EXPORT } from '../../contract/share-layout.ts';
import { packageRoot } from '../version.ts';
import { parseNetwork } from './network.ts';
import { defaultOptions } from './options.ts';
import { configurations } from './render/configurations.ts';
import type { Configuration } from './render/lines.ts';
import { settingsOf } from './settings.ts';

const INVENTORY = 'manifests/testboxes.example.yaml';
/** As `.env.example` has it. */
const CONFIG = {
  tftpRoot: TFTP_EXPORT,
  backupRoot: BACKUP_EXPORT,
  nfsroot: NFSROOT_EXPORT,
  nfsServer: '10.40.41.1',
};
const NETWORK = '10.40.41.0/24';
/** The numbers are each machine's to give. */
const USER = { name: 'testbox', uid: 990, gid: 990 };

/** What `testbox storage init` writes for the example inventory and `.env.example`. */
export async function exampleConfigurations(): Promise<Configuration[]> {
  const inventory = readInventory(await readFile(join(packageRoot(), INVENTORY), 'utf8'));
  if (!inventory.ok) throw new Error(`${INVENTORY} is invalid: ${inventory.problems.join('; ')}`);
  const network = parseNetwork(NETWORK);
  if (network === undefined) throw new Error(`${NETWORK} is no network`);
  const { testboxes: boxes } = inventory;
  return configurations(
    settingsOf({ config: CONFIG, options: defaultOptions(), user: USER, network, boxes }),
  );
}
