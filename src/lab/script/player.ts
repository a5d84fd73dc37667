import { assertNever } from '../../contract/assert-never.ts';
import { parseStep } from './parse-step.ts';
import { ScriptStepError, type ScriptWorld } from './ports.ts';
import { Sightings } from './sightings.ts';
import type { BotStep, Step } from './step.ts';
import { waitForPercent, waitForState } from './wait-for-job.ts';

/** Plays steps one after another, remembering who speaks and what was hashed. */
export class ScriptPlayer {
  readonly #world: ScriptWorld;
  readonly #sightings: Sightings;
  readonly #hashes = new Map<string, string>();
  #person: string;

  constructor(world: ScriptWorld, person: string) {
    this.#world = world;
    this.#person = person;
    this.#sightings = new Sightings(world);
  }

  get person(): string {
    return this.#person;
  }

  /** @throws ScriptStepError, StepSyntaxError when the step doesn't go as it says */
  async play(line: string): Promise<void> {
    await this.#do(parseStep(line));
  }

  async #do(step: Step): Promise<void> {
    const { people, machines } = this.#world;
    if ('box' in step && step.box !== null && step.kind !== 'press') this.#checkBox(step.box);
    switch (step.kind) {
      case 'nothing':
        return;
      case 'say':
        this.#sightings.beginTyped();
        return people.say(this.#person, step.text);
      case 'press':
        this.#sightings.beginTyped();
        return people.press(this.#person, { id: step.button, box: step.box, input: step.input });
      case 'as':
        return this.#switchTo(step.person);
      case 'wait-state':
        return waitForState(this.#world, step);
      case 'wait-percent':
        return waitForPercent(this.#world, step);
      case 'expect':
        return this.#sightings.expectMessage(this.#person, step.text);
      case 'expect-not':
        return this.#sightings.expectNoMessage(this.#person, step.text);
      case 'expect-screen':
        return this.#sightings.expectScreen(step.box, step.text);
      case 'expect-log':
        return this.#sightings.expectLog(step.box, step.text);
      case 'sha256':
        return this.#hash(step);
      case 'bot-step':
        return this.#doToBot(step.step);
      case 'box-step':
        this.#sightings.beginOnBox(step.box);
        return machines.act(step.step);
      default:
        return assertNever(step);
    }
  }

  #doToBot(step: BotStep): Promise<void> {
    const { bot } = this.#world;
    switch (step.kind) {
      case 'kill-bot':
        return bot.kill();
      case 'bot-down':
        return bot.down();
      case 'bot-up':
        return bot.up();
      case 'max-running':
        return bot.limitRunning(step.jobs);
      case 'clock':
        return bot.advanceClock(step.byMs);
      default:
        return assertNever(step);
    }
  }

  #switchTo(person: string): void {
    if (!this.#world.people.knows(person)) throw new ScriptStepError(`there is nobody called ${person}`);
    this.#person = person;
  }

  #checkBox(box: string): void {
    if (!this.#world.machines.names().includes(box))
      throw new ScriptStepError(`the lab has no box called ${box}`);
  }

  async #hash({ box, disk, keepAs, same }: Extract<Step, { kind: 'sha256' }>): Promise<void> {
    const key = `${box} ${disk}`;
    const compared = same === null || same.name === null ? key : `${key} as ${same.name}`;
    const before = this.#hashes.get(compared);
    const now = await this.#world.machines.hash(box, disk);
    this.#hashes.set(key, now);
    if (keepAs !== null) this.#hashes.set(`${key} as ${keepAs}`, now);
    this.#world.print(`${now}  ${key}`);
    if (same === null) return;
    if (before === undefined)
      throw new ScriptStepError(`${compared} was not hashed before, so nothing to compare with`);
    if (before !== now) throw new ScriptStepError(`${compared} was ${before} and is ${now}`);
  }
}
