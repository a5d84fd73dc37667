import type { Action } from '../contract/action.ts';
import type { Job } from '../domain/job.ts';
import type { Lender } from '../domain/lender.ts';
import { type BuiltPlan, buildPlan, type PlanRefusal } from '../domain/plan.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';
import { plannedBootConfig } from './boot-config.ts';
import { catalogOf } from './catalog.ts';
import { findTestbox } from './find-testbox.ts';
import type { Probe } from './ports.ts';
import { keepBroughtKey, keysBroughtBefore } from './restored-keys.ts';

type PlanRequest = Pick<Job, 'action' | 'onlySlots' | 'wish'>;

/**
 * Looks at share, records and box, and makes the plan.
 *
 * @throws ShareError when the share can't be read
 */
export async function makePlan(
  app: App,
  testbox: Testbox,
  { action, onlySlots, wish }: PlanRequest,
): Promise<BuiltPlan> {
  const { address } = testbox;
  const lender = wish.from === null ? null : await lenderOf(app, wish.from);
  if (lender !== null && 'refused' in lender) return { kind: 'refused', why: lender.refused };
  const brought = await keysBroughtBefore(app, testbox);
  const [catalog, shadowing, hardware, probe, expectedMs] = await Promise.all([
    catalogOf(app, address),
    app.share.shadowingBootConfigs(testbox),
    app.store.hardware(address),
    app.machines.probe(testbox, brought),
    lastDuration(app, testbox, action),
  ]);
  await keepBroughtKey(app, { testbox, probe, brought });
  return buildPlan({
    testbox,
    action,
    onlySlots,
    wish,
    lender,
    catalog,
    hardware,
    shadowing,
    bootConfig: plannedBootConfig(testbox, action, app.settings),
    notes: { ...seen(probe), expectedMs },
  });
}

/** Another box, with what it has to lend. */
async function lenderOf(app: App, typed: string): Promise<Lender | { refused: PlanRefusal }> {
  const found = findTestbox(app, typed);
  if ('kind' in found) return { refused: { code: 'no-such-lender', typed, meant: found.meant } };
  const { name, address } = found;
  const [catalog, hardware] = await Promise.all([catalogOf(app, address), app.store.hardware(address)]);
  return { name, address, catalog, hardware };
}

function seen(probe: Probe) {
  if (probe.kind === 'up') {
    const { uptimeSeconds, users, hostKey } = probe;
    return { uptimeSeconds, users, sshProblem: null, ownHostKeys: probe.system === 'own' ? [hostKey] : [] };
  }
  return { uptimeSeconds: null, users: [], sshProblem: probe.why, ownHostKeys: [] };
}

/** From the boot config to the box being back, of the newest job of the kind that succeeded. */
async function lastDuration(app: App, testbox: Testbox, action: Action): Promise<number | null> {
  const jobs = await app.store.recentJobs(testbox.address, 20);
  const like = jobs.find((job: Job) => job.action === action && job.state === 'succeeded');
  return like === undefined ? null : like.stateSince - like.createdAt;
}
