import { access, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAB_BOXES } from './boxes.ts';
import type { Enclosure } from './enclosure.ts';
import { hostProgram } from './host-program.ts';
import { openServer, testboxCommand } from './server.ts';
import { PLACES, STORAGE_WORDS } from './settings.ts';
import { packTinySystem, type TinySystem } from './tiny-system.ts';

/** What all labs of a run share: made once, and copied by each. */
export interface Site {
  directory: string;
  /** The bot's private key. */
  keyFile: string;
  /** As `testbox nfsroot build` made it. */
  nfsroot: string;
  /** Kernel and initrd of the maintenance system. */
  maintenanceBoot: string;
  tinySystem: TinySystem;
}

export function siteAt(directory: string): Site {
  return {
    directory,
    keyFile: join(directory, 'id_ed25519'),
    nfsroot: join(directory, 'server/nfsroot'),
    maintenanceBoot: join(directory, 'server/tftp/maintenance-boot'),
    tinySystem: { kernel: join(directory, 'tiny/vmlinuz'), initrd: join(directory, 'tiny/tiny.img') },
  };
}

/**
 * Goes the way of docs/storage-server.md up to the maintenance system, which takes a minute or two.
 * A site that was kept (for work on the tests themselves) only gets the agent of now.
 */
export async function buildSite(
  directory: string,
  { say, evidence }: { say: (text: string) => void; evidence: string },
): Promise<void> {
  const site = siteAt(directory);
  const isKept = await isThere(join(site.nfsroot, 'current'));
  if (!isKept) await makeKey(site.keyFile);
  const scratch = join(directory, 'server');
  const { enclosure } = await openServer(scratch, { keyFile: site.keyFile, boxes: LAB_BOXES });
  try {
    say(await enclosure.must(testboxCommand(['storage', 'init', ...STORAGE_WORDS])));
    const words = ['nfsroot', isKept ? 'update-agent' : 'build'];
    say(await enclosure.must(testboxCommand(words, { network: 'host' })));
  } finally {
    await keepBuildLog(enclosure, join(evidence, 'nfsroot-build.log'));
    await enclosure.close();
  }
  const tiny = join(directory, 'tiny');
  await rm(tiny, { recursive: true, force: true });
  await mkdir(tiny);
  await packTinySystem(
    {
      kernel: join(site.maintenanceBoot, 'vmlinuz'),
      root: join(site.nfsroot, 'current'),
      authorizedKey: await readFile(`${site.keyFile}.pub`, 'utf8'),
    },
    tiny,
  );
}

/**
 * Gives a lab a maintenance system of its own. Its files are links to the site's: whoever changes
 * one has to put a new file in its place, as `testbox nfsroot update-agent` does.
 */
export async function copyMaintenanceSystem(
  site: Site,
  to: { nfsroot: string; tftp: string },
): Promise<void> {
  await hostProgram(['cp', '-a', '--link', `${site.nfsroot}/.`, to.nfsroot]);
  await cp(site.maintenanceBoot, join(to.tftp, 'maintenance-boot'), { recursive: true });
}

async function makeKey(file: string): Promise<void> {
  await rm(file, { force: true });
  await hostProgram(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'testbox', '-f', file]);
}

/** It lies beside the export, in the enclosure's own memory. */
async function keepBuildLog(enclosure: Enclosure, to: string): Promise<void> {
  const { status, stdout } = await enclosure.run({ argv: ['cat', `${PLACES.nfsroot}-build.log`] });
  if (status === 0) await writeFile(to, stdout);
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
