/**
 * The words of a command whose options come one by one, out of the fields of a form or of typed
 * options. They parse to what was put in, whatever that was.
 */

/** `sda, sdb`, `sda sdb` and `disks:sda,sdb` all say the same here; empty when there is nothing. */
export function disksWord(text: string): string {
  const names = text
    .replace(/^disks?:/i, '')
    .split(/[\s,]+/)
    .filter((name) => name !== '');
  return names.length === 0 ? '' : `disks:${names.join(',')}`;
}

/** In quotes, so that the parser takes off these and none of the person's own. */
export function reasonWord(text: string): string {
  return text === '' ? '' : `reason:"${text.replace(/\s+/g, ' ')}"`;
}

/** `pluto` and `from:pluto` say the same here; empty when there is nothing. */
export function fromWord(text: string): string {
  const box = text.replace(/^from:/i, '').trim();
  return box === '' ? '' : `from:${box.replace(/\s+/g, '')}`;
}

/** `yes` and `fit:yes` say the same here; empty when there is nothing. */
export function fitWord(text: string): string {
  const choice = text.replace(/^fit:/i, '').replace(/\s+/g, '');
  return choice === '' ? '' : `fit:${choice}`;
}

/** `3`, `#3` and `as-of:3` all say the same here; empty when there is nothing. */
export function asOfWord(text: string): string {
  const generation = text.replace(/^as-of:/i, '').replace(/\s+/g, '');
  return generation === '' ? '' : `as-of:${generation}`;
}
