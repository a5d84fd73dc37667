import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Codec } from '../../src/contract/plan.ts';

/** How one tool backs a disk up and restores it, as shell scripts with `$disk`, `$image`, `$node` and `$imaging`. */
export interface Tool {
  name: string;
  /** Programs it needs; missing ones are named. */
  programs: readonly string[];
  backup: string;
  /** Null for a tool that can't. */
  restore: string | null;
  /** Prints the raw bytes of `$image`. */
  unpack: string;
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
  {
    name: 'testbox gzip',
    programs: [],
    backup: ours('capture', 'gzip'),
    restore: ours('deploy', 'gzip'),
    unpack: 'gunzip -c "$image"',
  },
  {
    name: 'testbox zstd',
    programs: ['zstd'],
    backup: ours('capture', 'zstd'),
    restore: ours('deploy', 'zstd'),
    unpack: 'zstd -dcq "$image"',
  },
  { name: 'dd | pigz', programs: ['pigz'], ...pipeline('pigz -c', 'pigz -dc') },
  { name: 'dd | igzip', programs: ['igzip'], ...pipeline(`igzip -1 -T ${THREADS} -c`, 'igzip -dc') },
  { name: 'dd | zstd', programs: ['zstd'], ...pipeline(`zstd -1 -T${THREADS} -cq`, 'zstd -dcq') },
  {
    name: 'partclone.dd',
    programs: ['partclone.dd', 'gzip', 'gunzip'],
    backup:
      'partclone.dd -q -z 262144 -L /dev/null -s "$disk" -o - 2>/dev/null | gzip -c >"$image" && sync "$image"',
    // Reading from a pipe, version 0.3.23 takes the image for an empty one and truncates the disk.
    restore: null,
    unpack: 'gunzip -c "$image"',
  },
];

export function isInstalled(program: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'command -v "$0"', program]).status === 0;
}

function ours(work: 'capture' | 'deploy', codec: Codec): string {
  return `"$node" "$imaging" ${work} ${codec} "$disk" "$image"`;
}

function pipeline(pack: string, unpack: string): Pick<Tool, 'backup' | 'restore' | 'unpack'> {
  return {
    backup: `dd if="$disk" bs=256K status=none | ${pack} >"$image" && sync "$image"`,
    // A file stands for the disk: without notrunc it would be made anew, which no disk is.
    restore: `${unpack} <"$image" | dd of="$disk" bs=256K status=none conv=notrunc && sync "$disk"`,
    unpack: `${unpack} <"$image"`,
  };
}
