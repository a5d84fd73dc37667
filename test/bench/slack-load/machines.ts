import type { Machines, Probe, Reach, RebootOutcome } from '../../../src/app/ports.ts';
import type { Testbox } from '../../../src/domain/testbox.ts';
import { FakeMachines } from '../../fakes/machines.ts';

/** Many boxes, each a fake of its own. */
export class FakeFleet implements Machines {
  readonly #boxes = new Map<string, FakeMachines>();
  readonly #rebooted = new Map<string, () => void>();

  /** Resolves when the bot next reboots the box. */
  rebooted(name: string): Promise<void> {
    return new Promise((resolve) => this.#rebooted.set(name, resolve));
  }

  bootOwnDisk(name: string): void {
    this.#box(name).bootOwnDisk();
  }

  probe({ name }: Testbox): Promise<Probe> {
    return this.#box(name).probe();
  }

  async keepHostKey(): Promise<void> {}

  async reboot({ name }: Testbox): Promise<RebootOutcome> {
    const outcome = await this.#box(name).reboot();
    this.#rebooted.get(name)?.();
    return outcome;
  }

  reach({ name }: Testbox): Promise<Reach> {
    return this.#box(name).reach();
  }

  #box(name: string): FakeMachines {
    const known = this.#boxes.get(name);
    if (known !== undefined) return known;
    const box = new FakeMachines();
    this.#boxes.set(name, box);
    return box;
  }
}
