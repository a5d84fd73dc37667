import { z } from 'zod';
import type { PowerControl } from '../domain/testbox.ts';
import { Duration } from './duration.ts';

const DEFAULT_TIMEOUT_MS = 30_000;
const PLACEHOLDERS = ['name', 'ip'] as const;
type Placeholder = (typeof PLACEHOLDERS)[number];
const PLACEHOLDER = /\{([a-z]+)\}/g;

/** Of a command line: as it is written, white space and all. */
const Argument = z
  .string('an argument as text')
  .regex(/^[^\u0000-\u001f\u007f]{1,1000}$/, 'an argument of printable letters')
  .refine(
    (value) => unknownPlaceholders(value).length === 0,
    `an argument whose only placeholders are ${PLACEHOLDERS.map((name) => `{${name}}`).join(' and ')}`,
  );

/** From the PATH or by its place: the bot's working directory means nothing to whoever writes this. */
const Program = Argument.regex(/^(?:\/.*|[^/]+)$/, 'a program by its name or absolute path');

/** `power:` of a box or a group. */
export const PowerSettings = z.strictObject({
  cycle: z.tuple([Program], Argument, 'a list of a program and its arguments'),
  mode: z.enum(['auto', 'click'], 'auto or click').default('click'),
  timeout: Duration.default(DEFAULT_TIMEOUT_MS),
});
type PowerSettings = z.infer<typeof PowerSettings>;

/** The settings for one box: its name and address stand where their placeholders were. */
export function powerFor(settings: PowerSettings, box: Record<Placeholder, string>): PowerControl {
  const fill = (argument: string) =>
    argument.replace(PLACEHOLDER, (whole, name: string) => {
      const known = PLACEHOLDERS.find((placeholder) => placeholder === name);
      return known === undefined ? whole : box[known];
    });
  const [program, ...rest] = settings.cycle;
  return { cycle: [fill(program), ...rest.map(fill)], mode: settings.mode, timeoutMs: settings.timeout };
}

function unknownPlaceholders(argument: string): string[] {
  const known: readonly string[] = PLACEHOLDERS;
  return [...argument.matchAll(PLACEHOLDER)]
    .map(([, name = '']) => name)
    .filter((name) => !known.includes(name));
}
