import { parentPort } from 'node:worker_threads';
import { assertNever } from '../../src/contract/assert-never.ts';
import { asFailure } from '../failure.ts';
import { openBlockDevice } from './block-device.ts';
import { captureChunks } from './capture-chunks.ts';
import { checkChunks, deployChunks } from './deploy-chunks.ts';
import { fitDevice } from './fit/fit-device.ts';
import { checkPlain, deployPlain } from './plain-chunks.ts';
import type { WorkerMessage, WorkerTask } from './tasks.ts';
import { Workshop } from './workshop.ts';

// The entry of a worker thread: carries out one task at a time.
const port = parentPort;
const workshop = new Workshop();
port?.on('message', async (task: WorkerTask) => {
  const post = (message: WorkerMessage) => port.postMessage(message);
  try {
    await carryOut(task, post);
    post({ kind: 'finished' });
  } catch (error) {
    const failure = asFailure(error);
    post({
      kind: 'failed',
      failure: { class: failure.class, code: failure.code, message: failure.message },
    });
  }
});

async function carryOut(task: WorkerTask, post: (message: WorkerMessage) => void): Promise<void> {
  switch (task.kind) {
    case 'capture':
      return captureChunks(task, workshop, post);
    case 'check':
      return checkChunks(task, workshop);
    case 'deploy':
      return deployChunks(task, workshop);
    case 'check-plain':
      return await checkPlain(task, post);
    case 'deploy-plain':
      return await deployPlain(task, workshop);
    case 'fit':
      return post({
        kind: 'fitted',
        outcome: fitDevice({ ...task, device: openBlockDevice(task.disk), workshop }),
      });
    default:
      return assertNever(task);
  }
}
