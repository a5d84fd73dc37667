import { handedOverName } from '../contract/share-layout.ts';
import type { Job } from '../domain/job.ts';
import type { App } from './app.ts';
import { changeJob } from './change-job.ts';
import type { HandedFile, HandOverOutcome } from './share-port.ts';

/** So often the job's deadline is moved while images are copied. */
const PACE_MS = 20_000;

/**
 * Puts another box's images where the job's box can read them; nothing to do for all other jobs.
 * The job's deadline waits for it.
 *
 * @throws ShareError
 */
export async function handImagesOver(app: App, job: Job): Promise<HandOverOutcome> {
  const { source } = job.plan;
  if (source === undefined) return { kind: 'ready' };
  const over = new AbortController();
  const moving = moveDeadline(app, job, over.signal);
  try {
    const to = job.testbox.address;
    return await app.share.handOver({ from: source.address, to, files: filesOf(job) });
  } finally {
    over.abort();
    await moving;
  }
}

/**
 * Removes what was handed over for a job that is over. A later job of the box may have got its own
 * images by now: they stay, and go with that one.
 *
 * @throws ShareError
 */
export async function takeImagesBack(app: App, job: Job): Promise<{ kind: 'done' }> {
  const { address } = job.testbox;
  const active = await app.store.activeJob(address);
  if (active === null || active.id === job.id || active.plan.source === undefined)
    await app.share.takeBack(address);
  return { kind: 'done' };
}

/** Every image of the plan with its index, as file of the one box and of the other. */
function filesOf({ plan }: Job): HandedFile[] {
  const { source, disks } = plan;
  if (source === undefined) return [];
  const prefix = handedOverName(source.address, '');
  return disks.flatMap(({ image }) => {
    if (image === null) return [];
    const copies = image.kind === 'indexed' ? [image.file, `${image.file}.index`] : [image.file];
    return copies.map((copy) => ({ source: copy.slice(prefix.length), copy }));
  });
}

async function moveDeadline(app: App, { id }: Job, over: AbortSignal): Promise<void> {
  for (;;) {
    await app.clock.sleep(PACE_MS, over);
    if (over.aborted) return;
    await changeJob(app, id, (now) =>
      now.state === 'arming' && now.deadline !== null ? { type: 'deadline-moved', byMs: PACE_MS } : null,
    );
  }
}
