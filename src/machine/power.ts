import type { Log, Power, PowerOutcome } from '../app/ports.ts';
import type { Testbox } from '../domain/testbox.ts';
import { hideArguments } from './hide-arguments.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

/** The power switch of boxes: runs the program that the inventory names. */
export class PowerCommands implements Power {
  readonly #log: Log;

  constructor({ log }: { log: Log }) {
    this.#log = log;
  }

  async cycle({ name, power }: Testbox): Promise<PowerOutcome> {
    if (power === null) return { kind: 'failed', why: `the inventory has no power command for ${name}` };
    const [program] = power.cycle;
    const end = await runProgram({ argv: power.cycle, timeoutMs: power.timeoutMs });
    // Of the command line the program's name alone: the arguments may hold a password.
    this.#log.info({ testbox: name, program, end: end.kind }, 'the power command ended');
    return outcomeOf(end, power.cycle);
  }
}

function outcomeOf(end: ProgramEnd, argv: readonly [string, ...string[]]): PowerOutcome {
  const [program] = argv;
  switch (end.kind) {
    case 'not-started':
      return { kind: 'failed', why: `${program} can't be started (${end.why})` };
    case 'exited': {
      if (end.status === 0) return { kind: 'done' };
      const said = hideArguments(end.lastLine, argv.slice(1)) || 'without a word';
      return { kind: 'failed', why: `${program} ended with status ${end.status} (${said})` };
    }
    case 'killed':
      return { kind: 'unknown', why: `${program} was ended by ${end.signal}` };
    case 'timed-out':
      return { kind: 'unknown', why: `${program} had no end within ${end.timeoutMs / 1_000} s` };
  }
}
