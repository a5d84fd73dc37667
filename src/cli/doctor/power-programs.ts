import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { type Check, NEEDS_INVENTORY, todoOr } from './check.ts';

/** The programs that switch boxes: one that is missing is noticed when nothing else helps any more. */
export const powerPrograms: Check = {
  name: 'power commands',
  async run({ testboxes }) {
    if (testboxes === null) return NEEDS_INVENTORY;
    const withPower = testboxes.filter(({ power }) => power !== null);
    const programs = new Set(withPower.flatMap(({ power }) => power?.cycle.slice(0, 1) ?? []));
    const todo: string[] = [];
    for (const program of programs) {
      const boxes = withPower.filter(({ power }) => power?.cycle[0] === program).map(({ name }) => name);
      if (await canBeRun(program)) continue;
      todo.push(`install ${program} so that the bot's user can run it: it switches ${boxes.join(', ')}`);
    }
    return todoOr(`${withPower.length} of ${testboxes.length} boxes have one`, todo);
  },
};

/** As the bot starts it: from its PATH, or by its absolute path. */
async function canBeRun(program: string): Promise<boolean> {
  const places = isAbsolute(program)
    ? [program]
    : (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, program));
  for (const place of places) {
    if (await isExecutable(place)) return true;
  }
  return false;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false; // whatever keeps it from being run, a person has to look
  }
}
