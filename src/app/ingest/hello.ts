import type { Hello, HelloAccepted, HelloRefused } from '../../contract/report.ts';
import type { JobEvent } from '../../domain/events.ts';
import { type RecordedHardware, recordHardware } from '../../domain/hardware.ts';
import { isActive, type Job } from '../../domain/job.ts';
import { soundFingerprints } from '../../domain/tellings.ts';
import type { HelloOutcome } from '../agent-calls.ts';
import type { App } from '../app.ts';
import { putBootConfig, removeBootConfig } from '../boot-config-file.ts';
import { changeJob } from '../change-job.ts';
import { mustReadThrough } from '../proved-images.ts';
import { rateOfJob } from '../rate.ts';
import { ShareError } from '../share-port.ts';
import { isFromBox } from './peer.ts';
import { sessionToken } from './session-token.ts';
import { turnAway } from './turn-away.ts';

/**
 * The agent's first word. A new boot rotates the nonce, and the boot config is replaced
 * before the answer: no boot can use a nonce that another boot has used.
 */
export async function hello(app: App, said: Hello, peer: string): Promise<HelloOutcome> {
  const job = await app.store.job(said.job);
  if (job === null)
    return refuse('stay', `there is no job ${said.job}: its boot config is left over from another bot`);
  if (!isFromBox(app, job, peer)) return turnAway(app, job, { said, peer });
  if (!isActive(job.state) || job.state === 'returning' || job.state === 'cancelling')
    return sendHome(app, job);
  const event = greet(app, job, said);
  if (event === null) return stale(app, job);
  return welcome(app, said, event);
}

/** What the hello means for the job as it is; null for a nonce that doesn't count (any more). */
function greet(app: App, job: Job, said: Hello): JobEvent | null {
  const { nonce, bootId } = said;
  const session = app.random.session();
  const { maxAttempts } = app.settings;
  const sshFingerprints = soundFingerprints(said.sshFingerprints);
  if (job.nonceNext !== null && nonce === job.nonceNext) {
    const fresh = app.random.nonce();
    return { type: 'hello-new-boot', bootId, session, nonce: fresh, maxAttempts, sshFingerprints };
  }
  if (job.nonceBoot === null || nonce !== job.nonceBoot) return null;
  if (job.bootIds.at(-1) === bootId) return { type: 'hello-again', session, sshFingerprints };
  // The file still had this nonce when the box booted again.
  if (job.rotationOwed)
    return { type: 'hello-new-boot', bootId, session, nonce: null, maxAttempts, sshFingerprints };
  return { type: 'two-boots-alive', bootId };
}

async function welcome(app: App, said: Hello, event: JobEvent): Promise<HelloOutcome> {
  const { job: id, uuid, macs, disks } = said;
  const now = app.clock.now();
  const before = await app.store.job(id);
  if (before === null) return refuse('wait', 'the job is gone');
  const seen = recordHardware(await app.store.hardware(before.testbox.address), { uuid, macs, disks }, now);
  const changed = await changeJob(app, id, event, 'session' in event ? besideHello(event.session, seen) : {});
  if (changed.kind === 'refused') {
    const isForPeople = changed.job.state === 'stopped' || changed.job.state === 'in-rescue';
    return refuse(isForPeople ? 'stay' : 'wait', stateReason(changed.job));
  }
  if (changed.kind !== 'changed') return refuse('wait', 'the job was changed at the same moment');
  const { job } = changed;
  if (event.type === 'two-boots-alive') {
    app.log.error({ jobId: id, bootId: said.bootId }, 'two boots of one box are alive');
    return refuse('stay', 'another boot of this box is at work on this job');
  }
  try {
    await putBootConfig(app, job);
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    return refuse(
      'wait',
      'the boot config can not be replaced at the moment: the storage share does not answer',
    );
  }
  if (job.state !== 'running') return refuse('stay', stateReason(job));
  return { kind: 'accepted', answer: await acceptance(app, job) };
}

function besideHello(session: string, hardware: RecordedHardware) {
  return {
    hardware,
    hearing: { session, lastSequence: 0, lastHeardAt: hardware.seenAt, progress: [], log: [] },
  };
}

async function acceptance(app: App, job: Job): Promise<HelloAccepted> {
  const session = job.session ?? '';
  const rate = await rateOfJob(app);
  return {
    session,
    token: sessionToken(app.settings.serverKey, { job: job.id, attempt: job.attempt, session }),
    attempt: job.attempt,
    plan: job.plan,
    digest: job.digest,
    accepted: [...job.accepted],
    settings: {
      codec: app.settings.codec,
      hostKeys: [...job.notes.ownHostKeys],
      shutdown: shutdownOf(job),
      ...(job.action === 'restore'
        ? { readThrough: await mustReadThrough(app, job), discard: app.settings.discard }
        : {}),
      ...(rate === null ? {} : { maxBytesPerSecond: rate }),
    },
  };
}

/** How the box went down before this boot, as far as the bot knows. */
function shutdownOf(job: Job): 'clean' | 'power' | 'unknown' {
  if (job.power?.state === 'done') return 'power';
  return job.rebootIssued ? 'clean' : 'unknown';
}

/** The job is over or on its way: the box has no business here, once its boot config is gone. */
async function sendHome(app: App, job: Job): Promise<HelloOutcome> {
  if (job.state === 'planned' || job.state === 'awaiting-approval' || job.state === 'queued') {
    return refuse('stay', 'this job has not been allowed to start');
  }
  if (job.dirty.length > 0 && job.state !== 'returning') return keepDirty(app, job);
  const now = await removeBootConfig(app, job.id);
  return now?.disarmed === true
    ? refuse('reboot-local', `the job is ${now.state}`)
    : refuse('wait', 'the boot config can not be removed at the moment');
}

/** A cancelled job's box that booted again with a half-written disk: it isn't writing, and it stays. */
async function keepDirty(app: App, job: Job): Promise<HelloOutcome> {
  if (job.state === 'cancelling') await changeJob(app, job.id, { type: 'agent-stopped' });
  return refuse('stay', 'a disk of this box is half written: a person decides in the thread of its job');
}

/** An old nonce: the file on the share is put right, and the box waits for a person. */
async function stale(app: App, job: Job): Promise<HelloOutcome> {
  app.log.warn(
    { jobId: job.id, testbox: job.testbox.name },
    'a hello with a used or unknown nonce was refused',
  );
  try {
    await putBootConfig(app, job);
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
  }
  return refuse('stay', 'this boot used an old boot config; power-cycle the box to boot the present one');
}

function stateReason({ state }: Job): string {
  switch (state) {
    case 'stopped':
      return 'the job is stopped and waits for a decision in its thread';
    case 'in-rescue':
      return 'the box is in rescue until somebody releases it';
    default:
      return `the job is ${state}`;
  }
}

function refuse(directive: HelloRefused['directive'], reason: string): HelloOutcome {
  return { kind: 'refused', answer: { directive, reason } };
}
