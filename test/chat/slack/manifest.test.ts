import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { slackManifest } from '../../../src/chat/slack/manifest.ts';
import { APP_SCOPES, BOT_SCOPES } from '../../../src/chat/slack/scopes.ts';
import { COMMANDS } from '../../../src/domain/command-table.ts';
import { ACME } from '../../fakes/slack/workspace.ts';

const root = join(import.meta.dirname, '../../..');
/** Slack's own, which the project doesn't carry. */
const SCHEMA = join(root, '../shared/specs/slack-manifest.schema.json');

describe('the manifest of the Slack app', () => {
  it.skipIf(!existsSync(SCHEMA))(`is one by Slack's schema (skipped without ${SCHEMA})`, () => {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const validate = ajv.compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

    validate(slackManifest());

    expect(validate.errors).toBe(null);
  });

  it("keeps Slack's lengths", () => {
    const { display_information, features } = slackManifest();
    const [command, ...others] = features.slash_commands;

    expect(display_information.name.length).toBeLessThanOrEqual(35);
    expect(display_information.description.length).toBeLessThanOrEqual(140);
    expect(display_information.background_color).toMatch(/^#[0-9a-f]{6}$/);
    expect(features.bot_user.display_name.length).toBeLessThanOrEqual(80);
    expect(others).toEqual([]);
    expect(command?.command).toBe('/testbox');
    expect(command?.usage_hint.length).toBeLessThanOrEqual(1000);
  });

  it('hints at every command of the table, in its order', () => {
    const [command] = slackManifest().features.slash_commands;

    const hinted = command?.usage_hint.split(' | ').map((usage) => usage.split(' ')[0]);

    expect(hinted).toEqual(COMMANDS.map(({ word }) => word));
    expect(command?.usage_hint).toMatch(/^backup <box> \| .*\| status \[box\] \| list \| .*help \[word\]$/);
  });

  it('needs no URL that Slack could call', () => {
    expect(JSON.stringify(slackManifest())).not.toContain('url');
    expect(slackManifest().settings).toMatchObject({
      socket_mode_enabled: true,
      interactivity: { is_enabled: true },
      token_rotation_enabled: false,
    });
  });

  it('asks for the scopes that have a reason, as the fake Slack of the tests grants them', () => {
    const { bot } = slackManifest().oauth_config.scopes;

    expect(bot).toEqual(Object.keys(BOT_SCOPES));
    expect(bot.toSorted()).toEqual(ACME.scopes.toSorted());
  });
});

describe('docs/slack.md', () => {
  it('names every scope with its reason', () => {
    // The formatter fills the columns up.
    const guide = readFileSync(join(root, 'docs/slack.md'), 'utf8')
      .replaceAll(/ +\|/g, ' |')
      .replaceAll(/-{3,}/g, '---');
    const rows = (scopes: Readonly<Record<string, string>>) =>
      Object.entries(scopes).map(([scope, reason]) => `| \`${scope}\` | ${reason} |`);

    const table = ['| scope | so that |', '| --- | --- |', ...rows(BOT_SCOPES), ...rows(APP_SCOPES)];

    expect(guide).toMatch(/<!-- scopes:begin -->\n+\| scope/);
    expect(guide).toContain(table.join('\n'));
  });
});
