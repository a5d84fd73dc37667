import { assertNever } from '../../contract/assert-never.ts';
import { sentenceOf } from './failure.ts';
import { putConfiguration } from './put-configuration.ts';
import { putDirectory } from './put-directory.ts';
import { putFiles } from './put-files.ts';
import { putMarker, putText } from './put-text.ts';
import type { Outcome, Wanted } from './wanted.ts';

/**
 * Puts one thing after the other. The first that fails ends it: what comes after would mostly fail
 * the same way. With `check` everything is looked at and nothing changed.
 */
export async function* layOut(
  wanted: readonly Wanted[],
  { check }: { check: boolean },
): AsyncGenerator<Outcome> {
  for (const thing of wanted) {
    const outcome = await attempt(thing, check);
    yield outcome;
    if (outcome.status === 'failed' && !check) return;
  }
}

async function attempt(thing: Wanted, check: boolean): Promise<Outcome> {
  try {
    return await put(thing, check);
  } catch (error) {
    return { status: 'failed', what: pathOf(thing), why: sentenceOf(error) };
  }
}

function put(thing: Wanted, check: boolean): Promise<Outcome> {
  switch (thing.kind) {
    case 'directory':
      return putDirectory(thing, check);
    case 'files':
      return putFiles(thing, check);
    case 'marker':
      return putMarker(thing, check);
    case 'text':
      return putText(thing, check);
    case 'configuration':
      return putConfiguration(thing, check);
    default:
      return assertNever(thing);
  }
}

function pathOf(thing: Wanted): string {
  switch (thing.kind) {
    case 'directory':
    case 'marker':
    case 'text':
      return thing.path;
    case 'files':
      return `${thing.directory}/${thing.name}`;
    case 'configuration':
      return `${thing.directory}/${thing.configuration.name}`;
    default:
      return assertNever(thing);
  }
}
