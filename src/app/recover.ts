import { type Job, occupiesShare } from '../domain/job.ts';
import type { App } from './app.ts';
import { changeJob } from './change-job.ts';
import { reconcile } from './drive/driver.ts';
import { takeIn } from './ingest/reports.ts';
import { sessionToken } from './ingest/session-token.ts';
import { ShareError } from './share-port.ts';

/** Shorter absences are not worth moving deadlines for. */
const NOTICEABLE_MS = 1_000;

/**
 * After a start: journals are read, boot configs put right, and deadlines moved by the time
 * the bot was away, before the driver applies any.
 */
export async function recover(app: App): Promise<void> {
  const now = app.clock.now();
  const jobs = await app.store.activeJobs();
  for (const job of jobs) await catchUp(app, job);
  await reconcile(app, await app.store.activeJobs());
  const alive = await app.store.lastAlive();
  const awayMs = alive === null ? 0 : now - alive;
  if (awayMs >= NOTICEABLE_MS) await moveDeadlines(app, awayMs);
  await app.store.setAlive(now);
  if (jobs.length > 0) app.log.info({ jobs: jobs.length, awayMs }, 'jobs were taken up again');
}

/** What the agent wrote to its journal while nobody listened. */
async function catchUp(app: App, job: Job): Promise<void> {
  const { session } = job;
  if (session === null || !occupiesShare(job.state)) return;
  const tokenOf = (other: string) =>
    sessionToken(app.settings.serverKey, { job: job.id, attempt: job.attempt, session: other });
  try {
    const place = { address: job.testbox.address, job: job.id, attempt: job.attempt, tokenOf };
    const lines = await app.share.readJournal(place);
    await takeIn(
      app,
      job,
      lines.filter((line) => line.session === session).map(({ report }) => report),
    );
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    app.log.warn({ jobId: job.id, err: error }, 'a journal could not be read; the agent will report itself');
  }
}

async function moveDeadlines(app: App, byMs: number): Promise<void> {
  const jobs = [...(await app.store.activeJobs()), ...(await app.store.plannedJobs())];
  for (const job of jobs) {
    await changeJob(app, job.id, (now) => (now.deadline === null ? null : { type: 'deadline-moved', byMs }));
    const hearing = await app.store.hearing(job.id);
    if (hearing !== null)
      await app.store.saveHearing(job.id, { ...hearing, lastHeardAt: hearing.lastHeardAt + byMs });
  }
}
