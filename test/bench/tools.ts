import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Codec } from '../../src/contract/plan.ts';

/**
 * How one tool backs a disk up and restores it, as shell scripts with `$disk`, `$image`,
 * `$previous` (an image that is there already), `$node` and `$imaging`.
 */
export interface Tool {
  name: string;
  /** Programs it needs; missing ones are named. */
  programs: readonly string[];
  backup: string;
  /** The same when there is a previous image; null for a tool that begins anew. */
  backupAgain: string | null;
  /** Null for a tool that can't. */
  restore: string | null;
  /** Prints the raw bytes of `$image`; null for an image of another kind. */
  unpack: string | null;
  /** `ext4` for a tool that knows only that file system, and leaves free blocks as they are. */
  understands: 'any disk' | 'ext4';
  /** Ours, without what the maintenance system brings for it. */
  plain: boolean;
}

const THREADS = availableParallelism();

/** What the scripts of the original do, flushes included. */
export const ORIGINAL: Tool = {
  name: 'dd | gzip',
  programs: ['dd', 'gzip', 'gunzip'],
  ...pipeline('gzip -c', 'gunzip -c'),
};

export const TOOLS: readonly Tool[] = [
  ORIGINAL,
  ours({ name: 'testbox gzip', codec: 'gzip', programs: [], unpack: 'gunzip -c "$image"' }),
  ours({ name: 'testbox zstd', codec: 'zstd', programs: ['zstd'], unpack: 'zstd -dcq "$image"' }),
  plain({ name: 'testbox gzip plain', codec: 'gzip', programs: [], unpack: 'gunzip -c "$image"' }),
  plain({ name: 'testbox zstd plain', codec: 'zstd', programs: ['zstd'], unpack: 'zstd -dcq "$image"' }),
  { name: 'dd | pigz', programs: ['pigz'], ...pipeline('pigz -1 -c', 'pigz -dc') },
  { name: 'dd | igzip', programs: ['igzip'], ...pipeline(`igzip -1 -T ${THREADS} -c`, 'igzip -dc') },
  { name: 'dd | zstd', programs: ['zstd'], ...pipeline(`zstd -1 -T${THREADS} -cq`, 'zstd -dcq') },
  {
    name: 'partclone | zstd',
    programs: ['partclone.ext4', 'partclone.restore', 'zstd', 'e2fsck'],
    backup: `partclone.ext4 -c -q -z 10485760 -L /dev/null -s "$disk" -o - 2>/dev/null | zstd -1 -T${THREADS} -cq >"$image" && sync "$image"`,
    backupAgain: null,
    restore:
      'zstd -dcq "$image" | partclone.restore -q -z 10485760 -L /dev/null -s - -O "$disk" 2>/dev/null && sync "$disk"',
    unpack: null,
    understands: 'ext4',
    plain: false,
  },
];

export function isInstalled(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', program]).status === 0;
}

interface Ours {
  name: string;
  codec: Codec;
  programs: readonly string[];
  unpack: string;
}

function ours({ name, codec, programs, unpack }: Ours, environment = ''): Tool {
  const imaging = `${environment}"$node" "$imaging"`;
  return {
    ...{ name, programs, unpack, understands: 'any disk', plain: environment !== '' },
    backup: `${imaging} capture ${codec} "$disk" "$image"`,
    backupAgain: `${imaging} capture ${codec} "$disk" "$image" "$previous"`,
    restore: `${imaging} deploy ${codec} "$disk" "$image"`,
  };
}

/** As on a machine without ISA-L, libdeflate and koffi. */
function plain(tool: Ours): Tool {
  return ours(tool, 'TESTBOX_NATIVE_CODECS=off ');
}

function pipeline(pack: string, unpack: string): Omit<Tool, 'name' | 'programs'> {
  return {
    backup: `dd if="$disk" bs=256K status=none | ${pack} >"$image" && sync "$image"`,
    backupAgain: null,
    // A file stands for the disk: without notrunc it would be made anew, which no disk is.
    restore: `${unpack} <"$image" | dd of="$disk" bs=256K status=none conv=notrunc && sync "$disk"`,
    unpack: `${unpack} <"$image"`,
    understands: 'any disk',
    plain: false,
  };
}
