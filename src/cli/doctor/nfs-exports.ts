import { BACKUP_EXPORT, boxDirectory, NFSROOT_EXPORT } from '../../contract/share-layout.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { type Check, NEEDS_ENVIRONMENT, NEEDS_INVENTORY, todoOr } from './check.ts';
import { isFor, type NfsExport } from './nfs/nfs-export.ts';

const WRITE_ANEW = 'run `testbox storage init`, copy the exports that it writes, and load them';

/** A box that came to the inventory later is in no export before somebody writes them anew. */
export const nfsExports: Check = {
  name: 'NFS exports',
  async run({ config, exports: found, testboxes }) {
    if (config === null) return NEEDS_ENVIRONMENT;
    if (testboxes === null) return NEEDS_INVENTORY;
    if (found === null) {
      return { kind: 'skipped', why: `no NFS server of this machine exports ${BACKUP_EXPORT}` };
    }
    const todo = testboxes.flatMap((testbox) => problemsOf(testbox, found.exports));
    return todoOr(`${testboxes.length} boxes are in ${found.file}`, todo);
  },
};

function problemsOf({ name, address }: Testbox, exports: readonly NfsExport[]): string[] {
  const toBox = exports.filter((each) => isFor(each, address));
  const own = `${BACKUP_EXPORT}/${boxDirectory(address)}`;
  const images = toBox.filter(({ path }) => path === own || path === BACKUP_EXPORT);
  const root = toBox.some(({ path }) => path === NFSROOT_EXPORT);
  return [
    ...(root
      ? []
      : [`${WRITE_ANEW}: ${name} can't mount its root, as ${NFSROOT_EXPORT} is not exported to ${address}`]),
    ...(images.some(({ isWritable }) => isWritable)
      ? []
      : images.length > 0
        ? [`${WRITE_ANEW}: ${name} can't write its images, as they are exported to ${address} read-only`]
        : [`${WRITE_ANEW}: ${name} can't reach its images, as ${own} is not exported to ${address}`]),
  ];
}
