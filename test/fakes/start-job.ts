import { decide } from '../../src/app/decide.ts';
import { type Requested, requestAction } from '../../src/app/request.ts';
import type { Action } from '../../src/contract/action.ts';
import type { JobId } from '../../src/contract/ids.ts';
import { type ImageWish, NEWEST_OWN } from '../../src/domain/image-wish.ts';
import { settle, type TestApp } from './app.ts';
import { person } from './people.ts';

/** alice asks for something to be done with pluto. */
function request(app: TestApp, action: Action, wish: ImageWish): Promise<Requested> {
  return requestAction(app, {
    person: person('alice'),
    action,
    box: 'pluto',
    onlySlots: null,
    wish,
    reason: null,
    channel: 'lab',
  });
}

/** alice asks for a restore of pluto with these images. */
export function requestOf(app: TestApp, wish: ImageWish): Promise<Requested> {
  return request(app, 'restore', wish);
}

/** alice's plan for pluto, not confirmed yet. */
export async function planJob(app: TestApp, action: Action): Promise<JobId> {
  const requested = await request(app, action, NEWEST_OWN);
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
