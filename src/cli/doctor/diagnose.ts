import type { Environment } from '../../config/dotenv.ts';
import { readEnvironment } from '../../config/env.ts';
import { openInventory } from '../../config/watched-inventory.ts';
import { StorageArea } from '../../storage/area.ts';
import { CHECKS } from './checks.ts';
import { askDiscord } from './discord/ask-discord.ts';
import { examine, type Finding } from './examine.ts';
import { findNfsroot } from './find-nfsroot.ts';
import { readNfsExports } from './nfs/read-exports.ts';
import { askSlack } from './slack/ask-slack.ts';

/** Reads what there is, asks the chats, and runs every check. */
export async function diagnose(env: Environment): Promise<Finding[]> {
  const environment = readEnvironment(env);
  const config = environment.ok ? environment.config : null;
  const opening = config === null ? null : await openInventory(config.inventoryFile, config.defaultChannels);
  const inventory = opening?.ok ? opening.inventory : null;
  const share = config === null ? null : new StorageArea(config);
  try {
    return await examine(CHECKS, {
      nodeVersion: process.versions.node,
      environmentProblems: environment.ok ? [] : environment.problems,
      config,
      inventoryProblems: opening === null || opening.ok ? [] : opening.problems,
      testboxes: inventory?.testboxes() ?? null,
      access: inventory?.access() ?? null,
      share,
      nfsroot: await findNfsroot(env),
      // Virtual testboxes mount nothing.
      exports: config?.lab === true ? null : await readNfsExports(),
      slack: config === null ? null : await askSlack(config, inventory),
      discord: config === null ? null : await askDiscord(config, inventory),
    });
  } finally {
    share?.close();
  }
}
