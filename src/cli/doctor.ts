import { Command } from 'commander';
import { type Environment, withDotenvFile } from '../config/dotenv.ts';
import { readEnvironment } from '../config/env.ts';
import { openInventory } from '../config/watched-inventory.ts';
import { StorageArea } from '../storage/area.ts';
import { CHECKS } from './doctor/checks.ts';
import { askDiscord } from './doctor/discord/ask-discord.ts';
import { examine, findingLine } from './doctor/examine.ts';
import { askSlack } from './doctor/slack/ask-slack.ts';

/** `testbox doctor`: looks at everything the bot needs and says what to put right. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything the bot needs, and say what to put right')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: true }) => {
      const findings = await diagnose(withDotenvFile(process.env, process.cwd()));
      const text = json ? JSON.stringify(findings, null, 2) : findings.map(findingLine).join('\n');
      process.stdout.write(`${text}\n`);
      process.exitCode = findings.some(({ status }) => status === 'fix') ? 1 : 0;
    });
}

async function diagnose(env: Environment) {
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
      slack: config === null ? null : await askSlack(config, inventory),
      discord: config === null ? null : await askDiscord(config, inventory),
    });
  } finally {
    share?.close();
  }
}
