import { styleText } from 'node:util';
import { isVisibleTo, type RoomChange } from '../../chat/console/room.ts';
import { textWidth, wrapToWidth } from '../../chat/console/text-width.ts';
import { ScriptPlayer } from '../../lab/script/player.ts';
import { ScriptStepError } from '../../lab/script/ports.ts';
import { StepSyntaxError } from '../../lab/script/step.ts';
import { STEP_USAGE } from '../../lab/script/usage.ts';
import { ButtonNumbers, type NumberedButton } from './button-numbers.ts';
import { PEOPLE } from './chat.ts';
import { fetchJobs } from './job-feed.ts';
import { type EditedLine, EMPTY_LINE, editLine, type Key, nextLine } from './line-editor.ts';
import { LiveRegion, type TerminalOutput } from './live-region.ts';
import { scriptWorld } from './script-world.ts';
import type { Demo } from './start-demo.ts';
import { TerminalView } from './terminal-view.ts';
import { dueStep, FAREWELL, TOUR, type TourSight } from './tour.ts';

/** Conversation, prompt and tour on one terminal. */
export class TerminalSession {
  readonly #demo: Demo;
  readonly #out: TerminalOutput;
  readonly #region: LiveRegion;
  readonly #numbers: ButtonNumbers;
  readonly #view: TerminalView;
  readonly #player: ScriptPlayer;
  readonly #leave = new AbortController();
  #line: EditedLine = EMPTY_LINE;
  /** A deny button that waits for its reason. */
  #asking: NumberedButton | null = null;
  /** Lines that are not dealt with yet: meanwhile nothing is offered, or it would be typed twice. */
  #playing = 0;
  #step = 0;
  #toldStep = -1;
  #sight: TourSight | null = null;

  constructor(demo: Demo, out: TerminalOutput) {
    this.#demo = demo;
    this.#out = out;
    this.#region = new LiveRegion(out);
    this.#numbers = new ButtonNumbers(demo.room);
    this.#view = new TerminalView(demo.room, { numbers: this.#numbers, colour: out.hasColors() });
    this.#player = new ScriptPlayer(
      scriptWorld(demo, (line) => this.#print([line])),
      PEOPLE[0],
    );
    demo.room.on('change', this.#onChange);
    for (const box of demo.boxes) {
      const { name } = box.settings;
      box.on('console', (line) => this.#print([styleText('blue', `${name} console ▏ ${line}`)]));
    }
  }

  /** Resolves when the person leaves or the signal aborts. */
  async left(signal: AbortSignal): Promise<void> {
    this.#print(HEAD);
    const either = AbortSignal.any([signal, this.#leave.signal]);
    await new Promise<void>((resolve) => {
      if (either.aborted) resolve();
      either.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  end(): void {
    this.#demo.room.off('change', this.#onChange);
    this.#region.end();
  }

  readonly redraw = (): void => this.#print([]);

  /** Looks how far things are, for the tour. */
  async look(): Promise<void> {
    const jobs = await fetchJobs(this.#demo.botUrl);
    if (jobs === undefined) return;
    this.#sight = this.#see(jobs);
    this.#step = dueStep(this.#sight, this.#step);
    this.redraw();
  }

  key(key: Key): void {
    const result = editLine(this.#line, key);
    switch (result.kind) {
      case 'leave':
        this.#leave.abort();
        return;
      case 'edited':
        this.#line = result.line;
        this.redraw();
        return;
      case 'entered': {
        const typed =
          result.text.trim() === '' && this.#asking === null ? (this.#offer() ?? '') : result.text;
        this.#line = nextLine(this.#line, typed);
        void this.#entered(typed.trim());
      }
    }
  }

  readonly #onChange = (change: RoomChange): void => this.#print(this.#view.take(change));

  async #entered(text: string): Promise<void> {
    const asking = this.#asking;
    if (asking !== null) {
      this.#asking = null;
      this.#print([`${this.#prompt('reason')}${text}`]);
      return this.#press(asking, text === '' ? null : text);
    }
    if (text === '') return this.redraw();
    this.#print([`${this.#prompt(this.#player.person)}${text}`]);
    if (text === 'help') this.#print(HELP);
    if (/^\d+$/.test(text)) return this.#pressNumber(Number(text));
    this.#playing += 1;
    try {
      await this.#player.play(text);
    } catch (error) {
      if (!(error instanceof ScriptStepError || error instanceof StepSyntaxError)) throw error;
      this.#print([styleText('red', error.message)]);
    } finally {
      this.#playing -= 1;
    }
    await this.look();
  }

  #pressNumber(number: number): void {
    const found = this.#numbers.find(number);
    if (found === undefined) {
      this.#print([styleText('red', `there is no button ${number} any more`)]);
    } else if (found.button === 'deny') {
      this.#asking = found;
      this.redraw();
    } else {
      this.#press(found, null);
    }
  }

  #press(found: NumberedButton, input: string | null): void {
    const pressed = this.#demo.room.press(this.#player.person, { ...found, input });
    if (pressed === undefined) {
      this.#print([styleText('red', `${this.#player.person} sees no such button`)]);
    }
  }

  #see(jobs: TourSight['jobs']): TourSight {
    const speaker = this.#player.person;
    const pluto = this.#demo.boxes.find(({ settings }) => settings.name === 'pluto');
    return {
      speaker,
      jobs,
      plutoState: pluto?.state ?? 'off',
      numberOf: (id) => this.#newestNumber(speaker, id),
    };
  }

  #newestNumber(speaker: string, id: string): number | undefined {
    const entry = this.#demo.room
      .messages()
      .findLast(
        (one) =>
          isVisibleTo(one, speaker) &&
          one.message.text.includes('pluto') &&
          one.message.buttons.some((button) => button.id === id),
      );
    const button = entry?.message.buttons.find((one) => one.id === id);
    return entry === undefined || button === undefined
      ? undefined
      : this.#numbers.numberOf(entry.ref, button);
  }

  #offer(): string | undefined {
    return this.#sight === null || this.#playing > 0
      ? undefined
      : TOUR[this.#step]?.offer(this.#see(this.#sight.jobs));
  }

  /** A step's why is printed once, when it is due; nothing before the first look. */
  #tourLines(): string[] {
    if (this.#toldStep === this.#step || this.#sight === null) return [];
    this.#toldStep = this.#step;
    const why = (TOUR[this.#step]?.why ?? FAREWELL).join(' ');
    const lines = wrapToWidth(why, Math.min(this.#out.columns, WIDEST_WHY) - 3);
    return ['', ...lines.map((line) => styleText('magenta', `» ${line}`)), ''];
  }

  #print(lines: readonly string[]): void {
    const person = this.#player.person;
    const prompt = this.#prompt(this.#asking === null ? person : 'reason');
    const offer = this.#line.text === '' && this.#asking === null ? this.#offer() : undefined;
    const hint = offer === undefined ? '' : styleText('dim', `${offer}   ⏎ Enter types this`);
    const column = textWidth(prompt) + textWidth(this.#line.text.slice(0, this.#line.cursor));
    const region = [
      ...this.#view.region(person, this.#out.rows - ROWS_FOR_LINES),
      `${prompt}${this.#line.text}${hint}`,
    ];
    this.#region.draw([...lines, ...this.#tourLines()], region, column);
  }

  #prompt(name: string): string {
    return styleText('bold', `${name}> `);
  }
}

/** The prompt, and what was last printed above the cards. */
const ROWS_FOR_LINES = 8;
const WIDEST_WHY = 100;

const HEAD = [styleText('bold', 'Testbox demo'), 'help shows what can be typed, Ctrl-C ends everything.'];

const HELP = [
  'On this terminal:',
  '  <number>  presses the button of that number',
  ...STEP_USAGE.map((form) => `  ${form}`),
  '  everything else is a chat line, with or without /testbox; the bot says what it knows:',
];
