import { cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAB_BOXES } from './boxes.ts';
import { hostProgram } from './host-program.ts';
import { openServer, testboxCommand } from './server.ts';
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

/** Goes the way of docs/storage-server.md up to the maintenance system. Takes a minute or two. */
export async function buildSite(directory: string, say: (line: string) => void): Promise<Site> {
  const site = siteAt(directory);
  await hostProgram(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'testbox', '-f', site.keyFile]);
  const scratch = join(directory, 'server');
  await mkdir(scratch);
  const { enclosure } = await openServer(scratch, { keyFile: site.keyFile, boxes: LAB_BOXES });
  try {
    say(await enclosure.must(testboxCommand(['storage', 'init'])));
    say(await enclosure.must(testboxCommand(['nfsroot', 'build'], { network: 'host' })));
  } finally {
    await enclosure.close();
  }
  const tiny = join(directory, 'tiny');
  await mkdir(tiny);
  await packTinySystem(
    {
      kernel: join(site.maintenanceBoot, 'vmlinuz'),
      root: join(site.nfsroot, 'current'),
      authorizedKey: await readFile(`${site.keyFile}.pub`, 'utf8'),
    },
    tiny,
  );
  return site;
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
