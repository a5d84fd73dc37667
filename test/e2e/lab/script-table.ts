import { ScriptPlayer } from '../../../src/lab/script/player.ts';
import type { ScriptWorld } from '../../../src/lab/script/ports.ts';

const FIRST_SPEAKER = 'alice';

/** Plays scripts, several at a time, and tells what is played and when. */
export class ScriptTable {
  readonly #name: string;
  readonly #world: (print: (line: string) => void) => ScriptWorld;
  readonly #players = new Map<string, ScriptPlayer>();
  readonly #started = performance.now();

  constructor(name: string, world: (print: (line: string) => void) => ScriptWorld) {
    this.#name = name;
    this.#world = world;
  }

  /** @param table remembers who spoke last there, and what was hashed */
  async play(lines: string, table: string): Promise<void> {
    const print = (line: string) => this.#print(table, line);
    const player = this.#players.get(table) ?? new ScriptPlayer(this.#world(print), FIRST_SPEAKER);
    this.#players.set(table, player);
    for (const raw of lines.split('\n')) {
      const line = raw.trim();
      if (line === '') continue;
      print(line.startsWith('#') ? line : `${player.person}> ${line}`);
      try {
        await player.play(line);
      } catch (cause) {
        throw new Error(`${line}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
      }
    }
  }

  #print(table: string, line: string): void {
    const seconds = ((performance.now() - this.#started) / 1_000).toFixed(1).padStart(6);
    process.stdout.write(
      `${[this.#name, table].filter((part) => part !== '').join(' ')} ${seconds}  ${line}\n`,
    );
  }
}
