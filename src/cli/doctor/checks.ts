import { backupRoot } from './backup-root.ts';
import { boxDirectories } from './box-directories.ts';
import type { Check } from './check.ts';
import { database } from './database.ts';
import { discordChannels } from './discord/channels.ts';
import { discordCommands } from './discord/commands.ts';
import { discordGuild } from './discord/guild.ts';
import { discordIds } from './discord/ids.ts';
import { discordRoles } from './discord/roles.ts';
import { discordToken } from './discord/token.ts';
import { environment } from './environment.ts';
import { hostKeys } from './host-keys.ts';
import { inventory } from './inventory.ts';
import { listenAddress } from './listen-address.ts';
import { maintenanceSystem } from './maintenance-system.ts';
import { nfsExports } from './nfs-exports.ts';
import { nodeVersion } from './node-version.ts';
import { powerPrograms } from './power-programs.ts';
import { shadowing } from './shadowing.ts';
import { slackChannels } from './slack/channels.ts';
import { slackGroups } from './slack/groups.ts';
import { slackIds } from './slack/ids.ts';
import { slackScopes } from './slack/scopes.ts';
import { slackTokens } from './slack/tokens.ts';
import { sshKey } from './ssh-key.ts';
import { tftpRoot } from './tftp-root.ts';

/** What `testbox doctor` looks at, in this order. */
export const CHECKS: readonly Check[] = [
  nodeVersion,
  environment,
  inventory,
  tftpRoot,
  shadowing,
  maintenanceSystem,
  backupRoot,
  boxDirectories,
  nfsExports,
  database,
  sshKey,
  hostKeys,
  powerPrograms,
  listenAddress,
  slackTokens,
  slackScopes,
  slackChannels,
  slackGroups,
  slackIds,
  discordToken,
  discordGuild,
  discordChannels,
  discordCommands,
  discordRoles,
  discordIds,
];
