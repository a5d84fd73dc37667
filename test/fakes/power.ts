import type { Power, PowerOutcome } from '../../src/app/ports.ts';

/** A power command that does what the test says. */
export class FakePower implements Power {
  cycles = 0;
  outcome: PowerOutcome = { kind: 'done' };

  async cycle(): Promise<PowerOutcome> {
    this.cycles += 1;
    return this.outcome;
  }
}
