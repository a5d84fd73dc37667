import { AnnounceError } from '../../src/app/ports.ts';
import type { DamageReport, Teller } from '../../src/app/proof-ports.ts';
import type { Testbox } from '../../src/domain/testbox.ts';

/** Keeps what was told; once per key, as platforms do by nonce. */
export class FakeTeller implements Teller {
  readonly damage: (DamageReport & { box: string })[] = [];
  down = false;

  async tellDamage({ name }: Testbox, report: DamageReport): Promise<void> {
    if (this.down) throw new AnnounceError('the chat is away', { retryAfterMs: 1000 });
    if (!this.damage.some(({ key }) => key === report.key)) this.damage.push({ box: name, ...report });
  }
}
