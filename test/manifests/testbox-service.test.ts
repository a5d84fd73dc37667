import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EXIT } from '../../src/cli/serve/exit-status.ts';
import { BACKUP_EXPORT, TFTP_EXPORT } from '../../src/contract/share-layout.ts';

const ROOT = join(import.meta.dirname, '../..');
const UNIT = readFileSync(join(ROOT, 'manifests/systemd/testbox.service'), 'utf8');
const INSTALLED_LAUNCHER = '/usr/local/bin/testbox';
/** Of 100; a unit without any of its limits has 92. */
const EXPOSURE_LIMIT = '20';

const hasAnalyze = spawnSync('systemd-analyze', ['--version']).status === 0;

/** The words of every line that sets this. */
function setting(name: string): string[] {
  const lines = UNIT.split('\n').filter((line) => line.startsWith(`${name}=`));
  return lines.flatMap((line) => line.slice(name.length + 1).split(' '));
}

function analyze(unit: string, ...words: string[]): { status: number | null; output: string } {
  const directory = mkdtempSync(join(tmpdir(), 'testbox-unit-'));
  const file = join(directory, 'testbox.service');
  writeFileSync(file, unit);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', [...words, file], { encoding: 'utf8' });
  rmSync(directory, { recursive: true });
  return { status, output: `${stdout}${stderr}` };
}

/** As on a machine where the launcher is installed. */
function installed(unit: string): string {
  return unit.replaceAll(INSTALLED_LAUNCHER, join(ROOT, 'bin/testbox.mjs'));
}

describe("the bot's unit", () => {
  it('starts the bot again after a failure, but not where only a person can help', () => {
    expect(setting('Restart')).toEqual(['on-failure']);
    expect(setting('RestartPreventExitStatus').map(Number)).toEqual([EXIT.configuration, EXIT.chatRefused]);
  });

  it('lets the bot write to both areas and its store, and to nothing else', () => {
    expect(setting('ProtectSystem')).toEqual(['strict']);
    expect(setting('ReadWritePaths')).toEqual([`-${TFTP_EXPORT}`, `-${BACKUP_EXPORT}`]);
    expect(setting('StateDirectory')).toEqual(['testbox']);
    expect(setting('RequiresMountsFor')).toEqual([TFTP_EXPORT, BACKUP_EXPORT]);
  });

  it('starts the launcher as an ordinary user', () => {
    expect(setting('User')).toEqual(['testbox']);
    expect(setting('ExecStart')).toEqual([INSTALLED_LAUNCHER, 'serve']);
  });

  it.skipIf(!hasAnalyze)('is understood by systemd to the last word (needs systemd-analyze)', () => {
    expect(analyze(installed(UNIT), 'verify')).toEqual({ status: 0, output: '' });
    expect(analyze(installed(`${UNIT}[Service]\nProtectAll=yes\n`), 'verify').output).toContain('ProtectAll');
  });

  it.skipIf(!hasAnalyze)('leaves the bot few rights (needs systemd-analyze)', () => {
    const words = ['security', '--offline=true', `--threshold=${EXPOSURE_LIMIT}`, '--no-pager'];

    const { status, output } = analyze(installed(UNIT), ...words);

    expect(output).toContain('Overall exposure level');
    expect(status).toBe(0);
  });
});
