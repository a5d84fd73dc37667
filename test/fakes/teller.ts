import { AnnounceError } from '../../src/app/chat-ports.ts';
import type { AskedProof, DamageReport, Teller } from '../../src/app/proof-ports.ts';
import type { ProofResult } from '../../src/domain/proof-result.ts';
import type { Testbox } from '../../src/domain/testbox.ts';

/** Keeps what was told; once per key, as platforms do by nonce. */
export class FakeTeller implements Teller {
  readonly damage: (DamageReport & { box: string })[] = [];
  readonly proofs: (AskedProof & { box: string; result: ProofResult })[] = [];
  down = false;

  async tellDamage({ name }: Testbox, report: DamageReport): Promise<void> {
    this.#answer();
    if (!this.damage.some(({ key }) => key === report.key)) this.damage.push({ box: name, ...report });
  }

  async tellProof(asked: AskedProof, told: { box: string; result: ProofResult }): Promise<void> {
    this.#answer();
    if (!this.proofs.some(({ id }) => id === asked.id)) this.proofs.push({ ...asked, ...told });
  }

  #answer(): void {
    if (this.down) throw new AnnounceError('the chat is away', { retryAfterMs: 1000 });
  }
}
