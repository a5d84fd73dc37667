import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PermissionsBitField } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  BOT_PERMISSIONS,
  inviteUrl,
  PERMISSION_NAMES,
  permissionTitle,
} from '../../../src/chat/discord/permissions.ts';
import { BOT_PERMISSIONS as GRANTED } from '../../fakes/discord/guild.ts';

describe('the permissions that the bot asks for', () => {
  it('are those that the fake Discord of the tests grants, and no more', () => {
    expect(PERMISSION_NAMES.toSorted()).toEqual(GRANTED.toSorted());
  });

  it('stand in the invitation, for one guild, with the scope of the commands', () => {
    const url = new URL(inviteUrl({ application: '1', guild: '2' }));

    const { permissions, ...rest } = Object.fromEntries(url.searchParams);
    expect(new PermissionsBitField(BigInt(permissions ?? 0)).toArray().toSorted()).toEqual(
      PERMISSION_NAMES.toSorted(),
    );
    expect(rest).toEqual({
      client_id: '1',
      scope: 'bot applications.commands',
      guild_id: '2',
      disable_guild_select: 'true',
    });
    expect(url.href).not.toMatch(/\s/);
  });

  it('are called as Discord calls them', () => {
    expect(PERMISSION_NAMES.map(permissionTitle)).toContain('Send Messages in Threads');
  });

  it('are named in docs/discord.md, each with its reason', () => {
    // The formatter fills the columns up.
    const guide = readFileSync(join(import.meta.dirname, '../../../docs/discord.md'), 'utf8')
      .replaceAll(/ +\|/g, ' |')
      .replaceAll(/-{3,}/g, '---');
    const rows = PERMISSION_NAMES.map((name) => `| ${permissionTitle(name)} | ${BOT_PERMISSIONS[name]} |`);

    expect(guide).toContain(['| permission | so that |', '| --- | --- |', ...rows].join('\n'));
  });
});
