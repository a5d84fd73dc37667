/** A line of `/etc/fstab`. */
export interface FstabEntry {
  /** `10.40.41.2:/export/testbox-backup`. */
  source: string;
  mountPoint: string;
  type: string;
  options: readonly string[];
}

/** Words that are for whoever mounts at boot, not for the file system. */
const FOR_THE_BOOT =
  /^(?:defaults|noauto|auto|nofail|_netdev|user|users|nouser|owner|group|x-.*|comment=.*)$/;

/** The last entry for a mount point. Words that no file system knows are left out. */
export function findFstabEntry(text: string, mountPoint: string): FstabEntry | undefined {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => line.trim().split(/\s+/).map(unescaped))
    .filter((words) => words.length >= 3 && words[1] === mountPoint)
    .map(([source = '', point = '', type = '', options = '']) => ({
      source,
      mountPoint: point,
      type,
      options: options.split(',').filter((word) => word !== '' && !FOR_THE_BOOT.test(word)),
    }))
    .at(-1);
}

/** What is mounted at a place at the moment. */
export interface Mount {
  source: string;
  type: string;
}

/** The uppermost mount at exactly this place, as `/proc/self/mountinfo` tells. */
export function findMount(mountinfo: string, mountPoint: string): Mount | undefined {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' '))
    .filter((words) => words[4] !== undefined && unescaped(words[4]) === mountPoint)
    .map((words) => {
      const [type = '', source = ''] = words.slice(words.indexOf('-') + 1);
      return { type, source: unescaped(source) };
    })
    .at(-1);
}

/** Both files write white space as `\040`. */
function unescaped(word: string): string {
  return word.replace(/\\([0-7]{3})/g, (_escape, octal: string) =>
    String.fromCharCode(Number.parseInt(octal, 8)),
  );
}
