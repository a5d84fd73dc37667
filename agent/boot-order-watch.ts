import type { Machine, Remark } from './machine.ts';

/** Keeps the firmware booting from the network, and says each thing about it once. */
export class BootOrderWatch {
  readonly #machine: Machine;
  readonly #said = new Set<string>();

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** What is new since the last look. Never throws. */
  async look(): Promise<Remark[]> {
    const remarks = await this.#machine.keepNetworkFirst();
    const news = remarks.filter(({ message }) => !this.#said.has(message));
    for (const { message } of news) this.#said.add(message);
    return news;
  }
}
