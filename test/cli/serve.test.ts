import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

/** The program in a place of its own, with nothing of this shell's settings. */
function testbox(args: readonly string[], env: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'testbox-cli-'));
  return spawnSync(process.execPath, [MAIN, ...args], { cwd, env, encoding: 'utf8' });
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

  it('does not run where nobody would hear it', () => {
    const slack = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_APP_TOKEN: 'xapp-1',
      DATABASE_URL: 'postgres://db/testbox',
    };
    const { status, stderr } = testbox(['serve'], { ...COMPLETE, ...slack });

    expect(status).toBe(2);
    expect(stderr).toContain('Slack is not built yet');
    expect(stderr).toContain('PostgreSQL is not built yet');
    expect(stderr).not.toContain('xoxb-1');
  });

  it('exits 2 for a word it does not know, and suggests', () => {
    const { status, stderr } = testbox(['serv']);

    expect(status).toBe(2);
    expect(stderr).toContain('serve');
  });
});
