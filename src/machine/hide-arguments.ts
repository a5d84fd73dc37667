import { isIP } from 'node:net';

const HIDDEN = '…';
/** Shorter ones are everywhere in a text. */
const SHORTEST_SECRET = 3;
const OPTION = /^--?[A-Za-z]/;

/**
 * Takes out of a program's words what of its own command line may be a secret: programs like
 * to repeat in an error what they were given. Options and addresses stay, and plain words that
 * follow no option, such as `power` and `cycle`.
 */
export function hideArguments(text: string, args: readonly string[]): string {
  const secrets = args.flatMap((argument, index) => {
    const value = OPTION.test(argument) ? valueInOption(argument) : argument;
    const isPlain = /^[a-z-]+$/.test(value) && !OPTION.test(args[index - 1] ?? '');
    return value.length < SHORTEST_SECRET || isPlain || isIP(value) !== 0 ? [] : [value];
  });
  // The longest first: a shorter one may be a part of it.
  return secrets
    .toSorted((one, other) => other.length - one.length)
    .reduce((words, secret) => words.replaceAll(secret, HIDDEN), text);
}

/** `--password=x` and `-Px`. */
function valueInOption(option: string): string {
  const equals = option.indexOf('=');
  if (equals >= 0) return option.slice(equals + 1);
  return option.startsWith('--') ? '' : option.slice(2);
}
