import { getEnvironmentData } from 'node:worker_threads';
import { POWER_CUT_DATA } from './arm.ts';
import type { PowerCutSettings } from './cells.ts';
import { patchFiles } from './patch.ts';

// The entry of a worker thread of an agent whose power will be cut.
const settings: unknown = getEnvironmentData(POWER_CUT_DATA);
if (isSettings(settings)) patchFiles(settings);
await import('../../imaging/worker.ts');

function isSettings(value: unknown): value is PowerCutSettings {
  return value !== null && typeof value === 'object' && 'cells' in value && 'cut' in value;
}
