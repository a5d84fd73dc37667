import type { Action } from '../contract/action.ts';
import { renderBootConfig } from '../contract/pxelinux.ts';
import { NFSROOT_EXPORT } from '../contract/share-layout.ts';
import type { Job } from '../domain/job.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { Settings } from './app.ts';

type BootSettings = Pick<Settings, 'kernel' | 'initrd' | 'nfsServer'>;

/** What a boot config says of its box. */
export type BootedBox = Pick<Testbox, 'name' | 'kernelWords'>;

/** The boot config without job and nonce: a fact of the plan. */
export function plannedBootConfig(testbox: BootedBox, action: Action, settings: BootSettings): string {
  return renderBootConfig({ ...settings, action, job: null, words: words(testbox, settings) });
}

/** What the box's file has to say for its next boot; null while the job has no nonce. */
export function wantedBootConfig(job: Job, testbox: Testbox, settings: BootSettings): string | null {
  if (job.nonceNext === null) return null;
  return renderBootConfig({
    ...settings,
    action: job.action,
    job: { id: job.id, nonce: job.nonceNext },
    words: words(testbox, settings),
  });
}

function words(testbox: BootedBox, { nfsServer }: BootSettings): string[] {
  return [
    'ro',
    'boot=nfs',
    'root=/dev/nfs',
    `nfsroot=${nfsServer}:${NFSROOT_EXPORT},ro,tcp`,
    'net.ifnames=0',
    // Boxes that share one root share its host name, and would expire each other's NFSv4 state.
    `nfs.nfs4_unique_id=${testbox.name}`,
    ...testbox.kernelWords,
  ];
}
