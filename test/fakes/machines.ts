import type { Machines, Probe, Reach, RebootOutcome } from '../../src/app/ports.ts';
import { BootId } from '../../src/contract/ids.ts';
import type { Testbox } from '../../src/domain/testbox.ts';

const HOST_KEY = 'ssh-ed25519 AAAAFAKE';

/** One box as SSH sees it. A reboot that was issued takes it down until the test says what it boots. */
export class FakeMachines implements Machines {
  probeResult: Probe = up(0);
  /** What the next reboots answer; `issued` when empty. */
  rebootOutcomes: RebootOutcome[] = [];
  reboots = 0;
  reachResult: Reach = { kind: 'closed', why: 'ECONNREFUSED' };
  /** The key that the box shows, and the one that is known of it; without one, any is taken. */
  hostKey = HOST_KEY;
  knownKey: string | null = null;
  #boot = 0;

  async probe(_box?: Testbox, trusted: readonly string[] = []): Promise<Probe> {
    if (this.probeResult.kind !== 'up') return this.probeResult;
    if (this.knownKey !== null && ![this.knownKey, ...trusted].includes(this.hostKey))
      return { kind: 'refused', why: 'it shows another host key' };
    return { ...this.probeResult, hostKey: this.hostKey };
  }

  async keepHostKey(_box: Testbox, key: string): Promise<void> {
    this.knownKey = key;
  }

  async reboot(): Promise<RebootOutcome> {
    const outcome = this.rebootOutcomes.shift() ?? { kind: 'issued' };
    if (outcome.kind !== 'failed') {
      this.reboots += 1;
      this.probeResult = { kind: 'down', why: 'ECONNREFUSED' };
    }
    return outcome;
  }

  async reach(): Promise<Reach> {
    return this.reachResult;
  }

  /** The box runs its own system, booted anew. */
  bootOwnDisk(): void {
    this.#boot += 1;
    this.probeResult = up(this.#boot);
  }

  /** The reboot command was lost: the box goes on as before. */
  neverWentDown(): void {
    this.probeResult = up(this.#boot);
  }
}

function up(boot: number): Probe {
  return {
    kind: 'up',
    bootId: BootId.parse(`${String(boot).padStart(8, '0')}-0000-4000-8000-000000000000`),
    system: 'own',
    hostKey: HOST_KEY,
    uptimeSeconds: 100,
    users: [],
  };
}
