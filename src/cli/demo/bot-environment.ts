import { join } from 'node:path';
import type { ShareAreas } from '../../lab/share-areas.ts';
import type { DemoChat } from './chat.ts';
import type { DemoDirectory } from './demo-directory.ts';

/** The whole environment of the demo's bot. */
export function botEnvironment(demo: {
  directory: DemoDirectory;
  chat: DemoChat;
  areas: ShareAreas;
  botUrl: string;
  keyFile: string;
  inventory: string;
  labClockFile: string;
}): NodeJS.ProcessEnv {
  // A real bot's settings in this shell must not reach the demo's: its chats and boxes are real.
  const { PATH, HOME, TMPDIR, LANG, NODE_COMPILE_CACHE } = process.env;
  return {
    PATH,
    HOME,
    TMPDIR,
    LANG,
    NODE_COMPILE_CACHE,
    TESTBOX_TFTP_ROOT: demo.areas.tftpRoot,
    TESTBOX_BACKUP_ROOT: demo.areas.backupRoot,
    DATABASE_URL: `sqlite:${join(demo.directory.path, 'testbox.sqlite')}`,
    TESTBOX_INVENTORY: demo.inventory,
    TESTBOX_LISTEN: new URL(demo.botUrl).host,
    TESTBOX_REPORT_URL: demo.botUrl,
    TESTBOX_NFS_SERVER: '127.0.0.1',
    TESTBOX_SSH_KEY: demo.keyFile,
    ...demo.chat.environment,
    TESTBOX_LAB: '1',
    TESTBOX_LAB_DIE_FILE: join(demo.directory.path, 'die-after-writes'),
    TESTBOX_LAB_CLOCK_FILE: demo.labClockFile,
  };
}
