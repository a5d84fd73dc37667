import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Null when this process can make loop devices. */
export function whyNoLoopDevices(): string | null {
  if (process.getuid?.() !== 0) return 'not root';
  const folder = mkdtempSync(join(tmpdir(), 'testbox-loop-'));
  const file = join(folder, 'probe');
  try {
    execFileSync('truncate', ['-s', '1M', file]);
    detach(attach(file));
    return null;
  } catch {
    return 'losetup does not work here';
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Makes a block device of a file. */
export function attach(file: string, how: { sectorBytes?: number; sizeBytes?: number } = {}): string {
  const args = ['--find', '--show', '--sector-size', String(how.sectorBytes ?? 512)];
  if (how.sizeBytes !== undefined) args.push('--sizelimit', String(how.sizeBytes));
  return execFileSync('losetup', [...args, file], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim();
}

export function detach(device: string): void {
  execFileSync('losetup', ['--detach', device]);
}
