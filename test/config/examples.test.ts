import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { expect, it } from 'vitest';
import { readEnvironment } from '../../src/config/env.ts';
import { readInventory } from '../../src/config/inventory.ts';
import { Variables } from '../../src/config/variables.ts';

const root = join(import.meta.dirname, '../..');

it('ships an inventory example that is valid', () => {
  const reading = readInventory(readFileSync(join(root, 'manifests/testboxes.example.yaml'), 'utf8'));

  expect(reading).toMatchObject({
    ok: true,
    testboxes: [{ name: 'pluto' }, { name: 'venus' }, { name: 'mars' }],
  });
});

it('ships an environment example that lacks nothing but a chat', () => {
  const reading = readEnvironment(parseEnv(readFileSync(join(root, '.env.example'), 'utf8')));

  expect(reading).toEqual({
    ok: false,
    problems: [expect.stringMatching(/^SLACK_BOT_TOKEN or DISCORD_TOKEN/)],
  });
});

it('explains every variable in the environment example, and no other', () => {
  const example = readFileSync(join(root, '.env.example'), 'utf8');

  const named = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);

  expect(named.toSorted()).toEqual(Object.keys(Variables.shape).toSorted());
});
