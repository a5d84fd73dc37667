import type { Report, ReportBatch, ReportBody } from '../../contract/report.ts';
import { type RecordedHardware, recordPlannedDisks } from '../../domain/hardware.ts';
import { isActive, type Job } from '../../domain/job.ts';
import { isNewWarning, warningText } from '../../domain/tellings.ts';
import type { ReportsOutcome } from '../agent-calls.ts';
import type { App } from '../app.ts';
import { removeBootConfig } from '../boot-config-file.ts';
import { changeJob } from '../change-job.ts';
import { rateOfJob } from '../rate.ts';
import type { Hearing } from '../store.ts';
import { directiveFor } from './directive.ts';
import { eventOfReport } from './event-of-report.ts';
import { isFromBox } from './peer.ts';
import { isSessionToken } from './session-token.ts';

const LOG_LINES = 50;

/** A batch of reports: each is taken in once, in order; the answer says how far and what to do. */
export async function reports(
  app: App,
  { batch, token, peer }: { batch: ReportBatch; token: string; peer: string },
): Promise<ReportsOutcome> {
  const job = await app.store.job(batch.job);
  if (job === null) return { kind: 'unauthorized' };
  if (!isFromBox(app, job, peer))
    return { kind: 'forbidden', why: 'this address is not the one of the testbox' };
  const { session } = batch;
  const newest = job.session === session;
  if (
    !newest ||
    !isSessionToken(token, app.settings.serverKey, { job: job.id, attempt: job.attempt, session })
  ) {
    return { kind: 'unauthorized' };
  }
  if (!isActive(job.state)) return { kind: 'gone', why: `the job is ${job.state}` };
  await noteHeard(app, job);
  const acknowledged = await takeIn(app, job, batch.reports);
  const after = await afterReports(app, job);
  const rate = await rateOfJob(app);
  const paced = rate === null ? {} : { maxBytesPerSecond: rate };
  return { kind: 'accepted', answer: { acknowledged, directive: directiveFor(after), ...paced } };
}

/**
 * Takes in the reports that are next in line; a doubled one changes nothing, a gap ends the
 * batch. Also used for what the journal has.
 */
export async function takeIn(app: App, job: Job, batch: readonly Report[]): Promise<number> {
  let hearing = await hearingOf(app, job);
  for (const report of batch) {
    if (report.sequence <= hearing.lastSequence) continue;
    if (report.sequence > hearing.lastSequence + 1) break;
    hearing = await takeOne(app, job, { report, hearing });
  }
  await app.store.saveHearing(job.id, hearing);
  return hearing.lastSequence;
}

async function takeOne(
  app: App,
  job: Job,
  { report, hearing }: { report: Report; hearing: Hearing },
): Promise<Hearing> {
  const next: Hearing = { ...hearing, lastSequence: report.sequence };
  const { body } = report;
  if (body.type === 'progress') return { ...next, progress: body.disks };
  if (body.type === 'log') return takeLog(app, job, { body, hearing: next });
  const beside = body.type === 'done' ? await plannedHardware(app, job) : {};
  const changed = await changeJob(app, job.id, eventOfReport(body), { hearing: next, ...beside });
  if (changed.kind === 'refused') {
    app.log.info(
      { jobId: job.id, report: body.type, state: changed.job.state },
      'a report came too late to matter',
    );
  }
  return next;
}

/** Every line is in the log's tail; what people should know of is told in the thread, once. */
async function takeLog(
  app: App,
  { id }: Job,
  { body, hearing }: { body: Extract<ReportBody, { type: 'log' }>; hearing: Hearing },
): Promise<Hearing> {
  const next: Hearing = { ...hearing, log: [...hearing.log, body.message].slice(-LOG_LINES) };
  if (body.level === 'info') return next;
  const { message } = body;
  await changeJob(
    app,
    id,
    (now) => (isNewWarning(now, warningText(message)) ? { type: 'agent-warned', message } : null),
    { hearing: next },
  );
  return next;
}

/** What was done as planned is from now on the box's own hardware. */
async function plannedHardware(app: App, job: Job): Promise<{ hardware?: RecordedHardware }> {
  const recorded = await app.store.hardware(job.testbox.address);
  const { plan } = (await app.store.job(job.id)) ?? job;
  return recorded === null ? {} : { hardware: recordPlannedDisks(recorded, plan) };
}

async function hearingOf(app: App, job: Job): Promise<Hearing> {
  const now = app.clock.now();
  const stored = await app.store.hearing(job.id);
  const session = job.session ?? '';
  if (stored?.session !== session)
    return { session, lastSequence: 0, lastHeardAt: now, progress: [], log: [] };
  return { ...stored, lastHeardAt: now };
}

/** A silence has ended. */
async function noteHeard(app: App, job: Job): Promise<void> {
  const silent =
    job.state === 'needs-hands' || (job.state === 'running' && (job.deadline?.overruns ?? 0) > 0);
  if (!silent) return;
  await changeJob(app, job.id, (now) =>
    now.state === 'needs-hands' || (now.deadline?.overruns ?? 0) > 0 ? { type: 'heard-again' } : null,
  );
}

/** The boot config goes before the answer tells the box to reboot. */
async function afterReports(app: App, job: Job): Promise<Job> {
  const now = (await app.store.job(job.id)) ?? job;
  return now.state === 'returning' && !now.disarmed ? ((await removeBootConfig(app, job.id)) ?? now) : now;
}
