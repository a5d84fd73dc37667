import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setEnvironmentData } from 'node:worker_threads';
import type { DescribedMachine } from '../../../src/contract/described-machine.ts';
import { countOf, newCells, type PowerCutSettings } from './cells.ts';
import { patchFiles } from './patch.ts';

/** Where worker threads find the settings. */
export const POWER_CUT_DATA = 'testbox-power-cut';

/**
 * Prepares this process for its power cut. How often it changed disk or share until an
 * orderly end is left in `<backup root>.power-cut/writes`.
 *
 * @returns the module that worker threads must run
 */
export function armPowerCut(description: DescribedMachine): URL | null {
  const { powerCut: cut, backupRoot, tftpRoot, disks } = description;
  if (cut === null) return null;
  const folder = `${backupRoot}.power-cut`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'log'), '');
  const places = [backupRoot, tftpRoot, ...disks.map(({ file }) => file)];
  const settings: PowerCutSettings = { cut, cells: newCells(), folder, places };
  setEnvironmentData(POWER_CUT_DATA, settings);
  process.once('exit', () => writeFileSync(join(folder, 'writes'), String(countOf(settings))));
  patchFiles(settings);
  return new URL('./worker.ts', import.meta.url);
}
