import { decide } from '../../src/app/decide.ts';
import { requestAction } from '../../src/app/request.ts';
import type { Action } from '../../src/contract/action.ts';
import type { JobId } from '../../src/contract/ids.ts';
import { NEWEST_OWN } from '../../src/domain/image-wish.ts';
import { settle, type TestApp } from './app.ts';
import { person } from './people.ts';

/** alice's plan for pluto, not confirmed yet. */
export async function planJob(app: TestApp, action: Action): Promise<JobId> {
  const requested = await requestAction(app, {
    person: person('alice'),
    action,
    box: 'pluto',
    onlySlots: null,
    wish: NEWEST_OWN,
    reason: null,
    channel: 'lab',
  });
  if (requested.kind !== 'planned') throw new Error(requested.kind);
  return requested.job.id;
}

/** alice's plan, confirmed, and driven as far as it goes without anybody else. */
export async function startJob(app: TestApp, action: Action): Promise<JobId> {
  const id = await planJob(app, action);
  await decide(app, person('alice'), id, { kind: 'confirm' });
  await settle(app);
  return id;
}
