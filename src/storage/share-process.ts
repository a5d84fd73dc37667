import { putBootConfig, readBootConfig, removeBootConfig, shadowingBootConfigs } from './boot-config.ts';
import { checkBoxDirectories } from './box-directories.ts';
import { handOver, takeBack } from './hand-over.ts';
import { readImageCatalog } from './image-catalog.ts';
import { putJoblessBootConfig, removeJoblessBootConfig } from './jobless-boot-config.ts';
import { readJournalText } from './journal.ts';
import { appendGlobalLog } from './maintenance-log.ts';
import { prepareBox } from './prepare-box.ts';
import { pruneGenerations } from './prune.ts';
import { checkBackupShare, checkTftpRoot } from './share-checks.ts';
import {
  type ShareAnswer,
  type ShareCall,
  ShareRequest,
  type ShareResults,
  ShareRoots,
} from './share-protocol.ts';
import { verifyImage } from './verify-image.ts';

// The program that `area.ts` forks: the only process of the bot that touches the share.
// A hung NFS server stops it and not the bot. Its one argument is the roots as JSON.

const roots = ShareRoots.parse(JSON.parse(process.argv[2] ?? ''));

process.on('message', (message) => {
  void answer(message);
});
process.on('disconnect', () => process.exit(0));
// Ctrl-C reaches the whole group: the bot ends this process when it has no more calls.
process.on('SIGINT', () => {});

async function answer(message: unknown): Promise<void> {
  const { id, call } = ShareRequest.parse(message);
  try {
    send({ id, value: await carryOut(call, (progress) => send({ id, progress })) });
  } catch (error) {
    send({ id, failure: error instanceof Error ? error.message : String(error) });
  }
}

function send(answer: ShareAnswer): void {
  if (process.connected) process.send?.(answer);
}

async function carryOut(
  call: ShareCall,
  onProgress: (progress: number) => void,
): Promise<ShareResults[ShareCall['op']]> {
  const { tftpRoot, backupRoot } = roots;
  switch (call.op) {
    case 'catalog':
      return readImageCatalog(backupRoot, call.address);
    case 'prepare-box':
      return prepareBox(backupRoot, call.address);
    case 'read-boot-config':
      return readBootConfig({ tftpRoot, address: call.address });
    case 'put-boot-config':
      return putBootConfig({ tftpRoot, address: call.address, text: call.text, now: Date.now() });
    case 'remove-boot-config':
      return removeBootConfig({ tftpRoot, address: call.address, job: call.job });
    case 'put-jobless-boot-config': {
      const { address, text, replace } = call;
      return putJoblessBootConfig({ tftpRoot, address, text, replace, now: Date.now() });
    }
    case 'remove-jobless-boot-config':
      return removeJoblessBootConfig({ tftpRoot, address: call.address });
    case 'shadowing-boot-configs':
      return shadowingBootConfigs(tftpRoot, call.mac);
    case 'read-journal':
      return readJournalText({ backupRoot, address: call.address, job: call.job, attempt: call.attempt });
    case 'hand-over':
      return handOver(backupRoot, call);
    case 'take-back':
      await takeBack(backupRoot, call.address);
      return null;
    case 'append-global-log':
      await appendGlobalLog(backupRoot, call.line);
      return null;
    case 'prune':
      return pruneGenerations(backupRoot, { ...call, now: Date.now() });
    case 'verify-image':
      return verifyImage(backupRoot, call, onProgress);
    case 'check-tftp':
      return checkTftpRoot(tftpRoot, [call.kernel, call.initrd]);
    case 'check-backup':
      return checkBackupShare(backupRoot);
    case 'check-box-directories':
      return checkBoxDirectories(backupRoot, call.addresses);
  }
}
