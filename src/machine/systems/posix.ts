/** A script for any POSIX shell, as a command: the user's own shell may be another one. */
export function posix(script: string): string {
  if (script.includes("'")) throw new Error('a script for sh -c must not contain single quotes');
  return `sh -c '${script}'`;
}

/** Prints who is logged in, on one line. The octal form is the one that every `tr` knows. */
export const USERS = 'who 2>/dev/null | cut -d" " -f1 | sort -u | tr "\\012" " "';
