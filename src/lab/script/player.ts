import { parseStep, type Step } from './parse-step.ts';
import { ScriptStepError, type ScriptWorld } from './ports.ts';
import { waitForPercent, waitForState } from './wait-for-job.ts';

const EXPECT_MS = 10_000;
const LOOK_AGAIN_MS = 50;
const SHOWN_CHARACTERS = 600;

/** Plays steps one after another, remembering who speaks and what was hashed. */
export class ScriptPlayer {
  readonly #world: ScriptWorld;
  readonly #hashes = new Map<string, string>();
  #person: string;
  #lastTyped: number;

  constructor(world: ScriptWorld, person: string) {
    this.#world = world;
    this.#person = person;
    this.#lastTyped = world.people.mark();
  }

  get person(): string {
    return this.#person;
  }

  /** @throws ScriptStepError, StepSyntaxError when the step doesn't go as it says */
  async play(line: string): Promise<void> {
    await this.#do(parseStep(line));
  }

  async #do(step: Step): Promise<void> {
    const { people, machines, bot } = this.#world;
    if ('box' in step && step.box !== null && step.kind !== 'press') this.#checkBox(step.box);
    switch (step.kind) {
      case 'nothing':
        return;
      case 'say':
        this.#lastTyped = people.mark();
        return people.say(this.#person, step.text);
      case 'press': {
        this.#lastTyped = people.mark();
        return people.press(this.#person, { id: step.button, box: step.box, input: step.input });
      }
      case 'as':
        return this.#switchTo(step.person);
      case 'wait-state':
        return waitForState(this.#world, step);
      case 'wait-percent':
        return waitForPercent(this.#world, step);
      case 'expect':
        return this.#expect(step.text);
      case 'expect-not':
        return this.#expectNot(step.text);
      case 'sha256':
        return this.#hash(step);
      case 'scribble':
        return machines.scribble(step.box, step.disk);
      case 'replace-disk':
        return machines.replaceDisk(step.box, step.disk, step.sizeBytes);
      case 'throttle':
        return machines.throttle(step.box, step.bytesPerSecond);
      case 'break':
        return machines.break(step.box);
      case 'power-cut':
        return machines.powerCut(step.box);
      case 'power-on':
        return machines.powerOn(step.box);
      case 'ssh-down':
        return machines.sshDown(step.box);
      case 'kill-bot':
        return bot.kill();
    }
  }

  #switchTo(person: string): void {
    if (!this.#world.people.knows(person)) throw new ScriptStepError(`there is nobody called ${person}`);
    this.#person = person;
  }

  #checkBox(box: string): void {
    if (!this.#world.machines.knows(box)) throw new ScriptStepError(`the lab has no box called ${box}`);
  }

  async #expect(text: string): Promise<void> {
    const { clock } = this.#world;
    const deadline = clock.now() + EXPECT_MS;
    while (!this.#sees(text)) {
      if (clock.now() >= deadline)
        throw new ScriptStepError(`${this.#person} did not see "${text}". ${this.#seen()}`);
      await clock.sleep(LOOK_AGAIN_MS);
    }
  }

  #expectNot(text: string): void {
    if (this.#sees(text)) throw new ScriptStepError(`${this.#person} saw "${text}". ${this.#seen()}`);
  }

  #sees(text: string): boolean {
    const wanted = plain(text);
    return this.#messages().some((message) => plain(message).includes(wanted));
  }

  #seen(): string {
    const all = this.#messages().join(' / ');
    return all === '' ? 'Nothing new was shown.' : `Shown: ${all.slice(-SHOWN_CHARACTERS)}`;
  }

  #messages(): readonly string[] {
    return this.#world.people.read(this.#person, this.#lastTyped);
  }

  async #hash(step: { box: string; disk: string; same: boolean }): Promise<void> {
    const key = `${step.box} ${step.disk}`;
    const before = this.#hashes.get(key);
    const now = await this.#world.machines.hash(step.box, step.disk);
    this.#hashes.set(key, now);
    this.#world.print(`${now}  ${key}`);
    if (!step.same) return;
    if (before === undefined)
      throw new ScriptStepError(`${key} was not hashed before, so nothing to compare with`);
    if (before !== now) throw new ScriptStepError(`${key} was ${before} and is ${now}`);
  }
}

/** Cards wrap their lines and change case at will: neither makes a text another one. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
