import { join } from 'node:path';
import {
  BACKUP_MARKER,
  BOOT_CONFIG_DIRECTORY,
  boxDirectory,
  MAINTENANCE_BOOT_DIRECTORY,
} from '../../contract/share-layout.ts';
import type { BootFiles } from './boot-files.ts';
import { configurations } from './render/configurations.ts';
import type { StorageSettings } from './settings.ts';
import type { Wanted } from './wanted.ts';

/** Boxes without a boot config of their own boot their disk: the seed's content. */
const DEFAULT_BOOT_CONFIG = ['PATH bios', 'DEFAULT local-boot', 'LABEL local-boot', 'LOCALBOOT', ''].join(
  '\n',
);

/** Everything that has to be there, in the order in which it is made. */
export function allWanted(
  settings: StorageSettings,
  { bootFiles, outputDirectory }: { bootFiles: readonly BootFiles[]; outputDirectory: string },
): Wanted[] {
  return [
    ...tftpArea(settings, bootFiles),
    ...backupArea(settings),
    { kind: 'directory', path: settings.areas.nfsroot, owner: null },
    { kind: 'directory', path: join(settings.stateDirectory, 'ganesha'), owner: null },
    { kind: 'directory', path: outputDirectory, owner: null },
    ...configurations(settings).map(
      (configuration): Wanted => ({ kind: 'configuration', directory: outputDirectory, configuration }),
    ),
  ];
}

function tftpArea({ areas, user }: StorageSettings, bootFiles: readonly BootFiles[]): Wanted[] {
  const { tftpRoot } = areas;
  const bootConfigs = join(tftpRoot, BOOT_CONFIG_DIRECTORY);
  return [
    { kind: 'directory', path: tftpRoot, owner: null },
    // Its marker pxelinux.0 comes last: an area that is half laid out is not taken for a good one.
    { kind: 'directory', path: bootConfigs, owner: user },
    { kind: 'text', path: join(bootConfigs, 'default'), text: DEFAULT_BOOT_CONFIG },
    { kind: 'directory', path: join(tftpRoot, MAINTENANCE_BOOT_DIRECTORY), owner: null },
    ...bootFiles.toReversed().map((set): Wanted => ({ kind: 'files', directory: tftpRoot, ...set })),
  ];
}

function backupArea({ areas, user, boxes }: StorageSettings): Wanted[] {
  const { backupRoot } = areas;
  return [
    { kind: 'directory', path: backupRoot, owner: user },
    marker(backupRoot),
    ...boxes.flatMap(({ address }): Wanted[] => {
      const path = join(backupRoot, boxDirectory(address));
      return [{ kind: 'directory', path, owner: user }, marker(path)];
    }),
  ];
}

/** It only has to be there: people may have put something into it. */
function marker(directory: string): Wanted {
  return { kind: 'marker', path: join(directory, BACKUP_MARKER) };
}
