import type { Testbox } from '../../domain/testbox.ts';
import type { BoxDirectoryProblem } from '../../storage/share-protocol.ts';
import { type Check, NEEDS_ENVIRONMENT, NEEDS_INVENTORY, todoOr } from './check.ts';

/** A box whose directory is exported to it alone can't make it: its first backup would fail. */
export const boxDirectories: Check = {
  name: 'box directories',
  async run({ config, share, testboxes }) {
    if (config === null || share === null) return NEEDS_ENVIRONMENT;
    if (testboxes === null) return NEEDS_INVENTORY;
    const { problems: unmounted } = await share.checkBackup();
    if (unmounted.length > 0) return { kind: 'skipped', why: 'the backup share comes first' };
    const found = await share.checkBoxDirectories(testboxes.map(({ address }) => address));
    const todo = found.map((problem) => remedy(problem, { root: config.backupRoot, testboxes }));
    return todoOr(`${testboxes.length} on the backup share`, todo);
  },
};

function remedy(
  { address, kind }: BoxDirectoryProblem,
  { root, testboxes }: { root: string; testboxes: readonly Testbox[] },
): string {
  const name = testboxes.find((testbox) => testbox.address === address)?.name ?? address;
  const directory = `${root}/${address}`;
  switch (kind) {
    case 'missing':
      return `run \`testbox storage init\`: ${name} has no directory ${directory}`;
    case 'unmarked':
      return `run \`testbox storage init\`: the directory of ${name}, ${directory}, lacks its marker testbox-backup`;
    case 'no-directory':
      return `move ${directory} away and run \`testbox storage init\`: it has to be a directory, of ${name}`;
    case 'read-only':
      return `let the bot's user write to ${directory}: the images of ${name} belong there`;
  }
}
