import { didYouMean } from '../domain/did-you-mean.ts';
import type { Testbox } from '../domain/testbox.ts';
import type { App } from './app.ts';

/** Finds a box by name or address, whatever the case. */
export function findTestbox(
  app: App,
  typed: string,
): Testbox | { kind: 'unknown-box'; typed: string; meant: string | null } {
  const all = app.inventory.testboxes();
  const wanted = typed.toLowerCase();
  const found = all.find(({ name, address }) => name.toLowerCase() === wanted || address === wanted);
  return (
    found ?? {
      kind: 'unknown-box',
      typed,
      meant: didYouMean(
        typed,
        all.map(({ name }) => name),
      ),
    }
  );
}
