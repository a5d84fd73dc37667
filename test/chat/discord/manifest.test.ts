import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { discordCommands } from '../../../src/chat/discord/commands.ts';
import { COMMANDS } from '../../../src/domain/command-table.ts';

/** Discord's own, which the project doesn't carry. */
const DESCRIPTION = join(import.meta.dirname, '../../../../shared/specs/discord-openapi.json');

describe('the commands that Discord is told', () => {
  it.skipIf(!existsSync(DESCRIPTION))(
    `are a request by Discord's description of its API (skipped without ${DESCRIPTION})`,
    () => {
      const ajv = new Ajv2020({ strict: false, validateFormats: false });
      ajv.addSchema(JSON.parse(readFileSync(DESCRIPTION, 'utf8')), 'discord');
      const path = '/applications/{application_id}/guilds/{guild_id}/commands';
      const pointer = path.replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D');
      const validate = ajv.compile({
        $ref: `discord#/paths/${pointer}/put/requestBody/content/application~1json/schema`,
      });

      validate(discordCommands());

      expect(validate.errors).toBe(null);
      expect(validate([{ name: 'testbox', options: [{ type: 1, name: 'x' }] }])).toBe(false);
    },
  );

  it('are one, with a subcommand for each word of the table, in its order', () => {
    const [command, ...others] = discordCommands();

    expect(others).toEqual([]);
    expect(command).toMatchObject({ type: 1, name: 'testbox', contexts: [0] });
    expect(command?.options.map(({ name, description }) => ({ word: name, summary: description }))).toEqual(
      COMMANDS.map(({ word, summary }) => ({ word, summary })),
    );
  });

  it('keep the lengths that Discord takes', () => {
    const subcommands = discordCommands().flatMap(({ options }) => options);
    const options = subcommands.flatMap((subcommand) => subcommand.options ?? []);

    expect(subcommands.length).toBeLessThanOrEqual(25);
    for (const { name, description } of [...subcommands, ...options]) {
      expect(name).toMatch(/^[a-z-]{1,32}$/);
      expect(description).toMatch(/^.{1,100}$/);
    }
  });

  it.each([
    ['restore', ['box', 'disks', 'as-of', 'from', 'fit', 'reason']],
    ['lock', ['box', 'reason']],
    ['status', ['box']],
    ['list', []],
    ['help', ['word']],
  ])('give %s the options %j, none of them required', (word, names) => {
    const options = optionsOf(word);

    expect(options.map(({ name }) => name)).toEqual(names);
    expect(options.filter(({ required }) => required === true)).toEqual([]);
  });

  it('offer boxes while somebody types, and every word to be explained', () => {
    expect(optionsOf('restore')[0]).toMatchObject({ name: 'box', autocomplete: true });
    expect(optionsOf('help')[0]).toMatchObject({
      choices: COMMANDS.map(({ word }) => ({ name: word, value: word })),
    });
  });

  it('are hidden from nobody who may use commands: the bot checks rights itself', () => {
    expect(discordCommands()).toMatchObject([{ default_member_permissions: null }]);
  });
});

function optionsOf(word: string) {
  const [command] = discordCommands();
  return command?.options.find(({ name }) => name === word)?.options ?? [];
}
