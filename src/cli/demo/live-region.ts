import { cutToWidth } from '../../chat/console/text-width.ts';

/** The part of a terminal stream that is needed here. */
export interface TerminalOutput {
  columns: number;
  rows: number;
  hasColors(): boolean;
  write(text: string): unknown;
}

const ERASE_BELOW = '\u001b[0J';

/**
 * A region at the bottom of the terminal that is drawn again and again, with everything that
 * stays printed above it: scrolling and copying work as in any shell.
 */
export class LiveRegion {
  readonly #out: TerminalOutput;
  #drawn: string[] = [];
  #cursorRow = 0;

  constructor(out: TerminalOutput) {
    this.#out = out;
  }

  /**
   * Prints the lines that stay, then the region; the cursor is left at the column of the
   * region's last line.
   */
  draw(stay: readonly string[], region: readonly string[], cursorColumn: number): void {
    const width = Math.max(this.#out.columns, 20);
    const height = Math.max(this.#out.rows - 1, 3);
    const lines = region.slice(-height).map((line) => cutToWidth(line, width - 1));
    if (stay.length === 0 && sameLines(lines, this.#drawn)) {
      this.#out.write(`\r${right(Math.min(cursorColumn, width - 1))}`);
      return;
    }
    const up = this.#cursorRow > 0 ? `\u001b[${this.#cursorRow}A` : '';
    const above = stay.map((line) => `${line}\n`).join('');
    this.#out.write(
      `\r${up}${ERASE_BELOW}${above}${lines.join('\n')}\r${right(Math.min(cursorColumn, width - 1))}`,
    );
    this.#drawn = lines;
    this.#cursorRow = Math.max(0, lines.length - 1);
  }

  /** Leaves what is drawn where it is and goes on below it. */
  end(): void {
    this.#out.write('\n');
    this.#drawn = [];
    this.#cursorRow = 0;
  }
}

function right(columns: number): string {
  return columns > 0 ? `\u001b[${columns}C` : '';
}

function sameLines(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}
