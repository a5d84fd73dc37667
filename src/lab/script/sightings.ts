import { ScriptStepError, type ScriptWorld } from './ports.ts';

const LOOK_AGAIN_MS = 50;
const MESSAGE_MS = 10_000;
/** Machines boot and image at their own pace. */
const SCREEN_MS = 60_000;
const SHOWN_CHARACTERS = 1_200;

/** What is news: said or shown since the last line that made anything happen. */
export class Sightings {
  readonly #world: ScriptWorld;
  readonly #screens = new Map<string, number>();
  #typed: number;

  constructor(world: ScriptWorld) {
    this.#world = world;
    this.#typed = world.people.mark();
  }

  /** A person acts: whatever anybody or any box says from now on is news. */
  beginTyped(): void {
    this.#typed = this.#world.people.mark();
    for (const box of this.#world.machines.names()) this.beginOnBox(box);
  }

  beginOnBox(box: string): void {
    this.#screens.set(box, this.#world.machines.screen(box).length);
  }

  async expectMessage(person: string, text: string): Promise<void> {
    const seen = () => this.#messages(person);
    const met = await this.#within(MESSAGE_MS, async () => isIn(seen(), text));
    if (!met) throw new ScriptStepError(`${person} did not see "${text}". ${shown(seen())}`);
  }

  expectNoMessage(person: string, text: string): void {
    const seen = this.#messages(person);
    if (isIn(seen, text)) throw new ScriptStepError(`${person} saw "${text}". ${shown(seen)}`);
  }

  async expectScreen(box: string, text: string): Promise<void> {
    const lines = () => this.#world.machines.screen(box).slice(this.#screens.get(box) ?? 0);
    const met = await this.#within(SCREEN_MS, async () => isIn(lines(), text));
    if (!met) throw new ScriptStepError(`${box} did not show "${text}". ${shown(lines())}`);
  }

  async expectLog(box: string, text: string): Promise<void> {
    let log = '';
    const met = await this.#within(MESSAGE_MS, async () => {
      log = await this.#world.machines.log(box);
      return isIn(log.split('\n'), text);
    });
    if (!met) throw new ScriptStepError(`the logs of ${box} don't say "${text}". ${shown(log.split('\n'))}`);
  }

  #messages(person: string): readonly string[] {
    return this.#world.people.read(person, this.#typed);
  }

  async #within(ms: number, isMet: () => Promise<boolean>): Promise<boolean> {
    const { clock } = this.#world;
    const deadline = clock.now() + ms;
    while (!(await isMet())) {
      if (clock.now() >= deadline) return false;
      await clock.sleep(LOOK_AGAIN_MS);
    }
    return true;
  }
}

function isIn(lines: readonly string[], text: string): boolean {
  const wanted = plain(text);
  return lines.some((line) => plain(line).includes(wanted));
}

function shown(lines: readonly string[]): string {
  const all = lines.filter((line) => line !== '').join(' / ');
  return all === '' ? 'Nothing new was shown.' : `Shown: ${all.slice(-SHOWN_CHARACTERS)}`;
}

/** Cards wrap their lines and change case at will: neither makes a text another one. */
function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
