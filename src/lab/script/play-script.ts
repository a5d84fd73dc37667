import { ScriptPlayer } from './player.ts';
import { ScriptStepError, type ScriptWorld } from './ports.ts';
import { StepSyntaxError } from './step.ts';

/** How a script ended; a failure names its line and what was seen. */
export type ScriptOutcome = { kind: 'passed' } | { kind: 'failed'; line: number; text: string; why: string };

/** Plays the lines until the first that fails, printing each before it is played. */
export async function playScript(
  lines: Iterable<string> | AsyncIterable<string>,
  world: ScriptWorld,
  person: string,
): Promise<ScriptOutcome> {
  const player = new ScriptPlayer(world, person);
  let number = 0;
  for await (const text of lines) {
    number += 1;
    if (text.trim() === '') continue;
    world.print(text.trim().startsWith('#') ? text.trim() : `${player.person}> ${text.trim()}`);
    try {
      await player.play(text);
    } catch (error) {
      if (!(error instanceof ScriptStepError || error instanceof StepSyntaxError)) throw error;
      return { kind: 'failed', line: number, text: text.trim(), why: error.message };
    }
  }
  return { kind: 'passed' };
}
