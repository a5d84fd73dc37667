import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Check } from '../../src/cli/doctor/check.ts';
import { askDiscord } from '../../src/cli/doctor/discord/ask-discord.ts';
import { examine } from '../../src/cli/doctor/examine.ts';
import { askSlack } from '../../src/cli/doctor/slack/ask-slack.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { readInventory } from '../../src/config/inventory.ts';

/** What the doctor says, as `name: text`, with what is to be done after `FIX`. */
export async function examined(
  checks: readonly Check[],
  { env, inventory }: { env: Record<string, string>; inventory: string },
): Promise<string[]> {
  const directory = mkdtempSync(join(tmpdir(), 'testbox-doctor-chat-'));
  const environment = readEnvironment({
    TESTBOX_LAB: '1',
    TESTBOX_TFTP_ROOT: directory,
    TESTBOX_BACKUP_ROOT: directory,
    ...env,
  });
  if (!environment.ok) throw new Error(environment.problems.join('\n'));
  const { config } = environment;
  const read = readInventory(inventory, config.defaultChannels);
  const opened = read.ok ? { testboxes: () => read.testboxes, access: () => read.access } : null;
  const findings = await examine(checks, {
    nodeVersion: '24.21.0',
    environmentProblems: [],
    config,
    inventoryProblems: read.ok ? [] : read.problems,
    testboxes: opened?.testboxes() ?? null,
    access: opened?.access() ?? null,
    share: null,
    nfsroot: null,
    exports: null,
    slack: await askSlack(config, opened),
    discord: await askDiscord(config, opened),
  });
  return findings.map(({ name, status, text }) => `${status === 'fix' ? 'FIX ' : ''}${name}: ${text}`);
}
