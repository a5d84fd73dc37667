import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROGRAM_ENVIRONMENT } from './program-environment.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** The program in a place of its own, with nothing of this shell's settings. */
function testbox(args: readonly string[], env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'testbox-cli-'));
  const options = { cwd, env: { ...PROGRAM_ENVIRONMENT, ...env }, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, [MAIN, ...args], options);
}

const COMPLETE = {
  TESTBOX_TFTP_ROOT: '/srv/tftp',
  TESTBOX_BACKUP_ROOT: '/srv/backup',
  TESTBOX_NFS_SERVER: '10.40.41.1',
  TESTBOX_REPORT_URL: 'http://10.40.41.1:8080',
};

describe('testbox', () => {
  it('says every problem of the configuration at once, by name, and exits 2', () => {
    const { status, stderr } = testbox(['serve']);

    expect(status).toBe(2);
    for (const name of ['TESTBOX_TFTP_ROOT', 'TESTBOX_BACKUP_ROOT', 'TESTBOX_NFS_SERVER'])
      expect(stderr).toContain(name);
  });

  it('does not run with what is not built', () => {
    const unbuilt = {
      DISCORD_TOKEN: 'MTIz.hunter2.def',
      DISCORD_GUILD: '123456789012345678',
      DATABASE_URL: 'postgres://db/testbox',
    };
    const { status, stderr } = testbox(['serve'], { ...COMPLETE, ...unbuilt });

    expect(status).toBe(2);
    expect(stderr).toContain('PostgreSQL is not built yet');
    expect(stderr).not.toContain('hunter2');
  });

  it('says how the bot ends', () => {
    const { status, stdout } = testbox(['serve', '--help']);

    expect(status).toBe(0);
    for (const line of [/^ {2}0 {2}after SIGTERM/m, /^ {2}2 {2}when/m, /^ {2}3 {2}when the chat refuses/m]) {
      expect(stdout).toMatch(line);
    }
  });

  it('exits 2 for a word it does not know, and suggests', () => {
    const { status, stderr } = testbox(['serv']);

    expect(status).toBe(2);
    expect(stderr).toContain('serve');
  });
});
