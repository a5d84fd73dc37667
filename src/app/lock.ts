import { identify, rolesOf } from '../domain/access.ts';
import type { ChatPerson } from '../domain/person.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';
import { findTestbox } from './find-testbox.ts';
import type { BoxLock } from './store.ts';

export type LockChanged =
  | { kind: 'locked'; lock: BoxLock; testbox: Testbox }
  | { kind: 'unlocked'; before: BoxLock | null; testbox: Testbox }
  | { kind: 'held-by-other'; lock: BoxLock; testbox: Testbox }
  | { kind: 'no-role'; needs: 'operator' }
  | { kind: 'unknown-box'; typed: string; meant: string | null };

/** Refuses the jobs of others on a box, until it is unlocked. */
export async function lockBox(
  app: App,
  who: ChatPerson,
  { box, reason }: { box: string; reason: string | null },
): Promise<LockChanged> {
  const testbox = allowed(app, who, box);
  if ('kind' in testbox) return testbox;
  const by = identify(who, app.inventory.access());
  const held = await app.store.lock(testbox.address);
  if (held !== null && held.by.key !== by.key) return { kind: 'held-by-other', lock: held, testbox };
  const lock = { by, at: app.clock.now(), reason };
  await app.store.setLock(testbox.address, lock);
  await auditLock(app, testbox, { event: 'locked', lock });
  return { kind: 'locked', lock, testbox };
}

/** Any operator may unlock: the holder may be on holiday. It is in the audit trail. */
export async function unlockBox(app: App, who: ChatPerson, box: string): Promise<LockChanged> {
  const testbox = allowed(app, who, box);
  if ('kind' in testbox) return testbox;
  const before = await app.store.lock(testbox.address);
  await app.store.setLock(testbox.address, null);
  const by = identify(who, app.inventory.access());
  await auditLock(app, testbox, { event: 'unlocked', lock: { by, at: app.clock.now(), reason: null } });
  return { kind: 'unlocked', before, testbox };
}

function allowed(app: App, who: ChatPerson, box: string) {
  if (!rolesOf(who, app.inventory.access()).has('operator'))
    return { kind: 'no-role', needs: 'operator' } as const;
  return findTestbox(app, box);
}

async function auditLock(
  app: App,
  testbox: Testbox,
  { event, lock }: { event: string; lock: BoxLock },
): Promise<void> {
  await app.store.addAudit({
    at: lock.at,
    jobId: null,
    testbox: testbox.address,
    actor: lock.by,
    event,
    fromState: null,
    toState: null,
    detail: { reason: lock.reason },
  });
}
