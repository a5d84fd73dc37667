/** A boot entry of the firmware. */
export interface BootEntry {
  /** Four hex digits, upper case. */
  number: string;
  active: boolean;
  name: string;
  /** Device path as text; empty when the program didn't print one. */
  path: string;
}

/** What `efibootmgr -v` tells. */
export interface BootSettings {
  current: string | null;
  next: string | null;
  order: readonly string[];
  entries: readonly BootEntry[];
}

/** Where a device path begins: `PciRoot(0x0)/…`, `HD(1,GPT,…)`, or without parentheses `HD/…`. */
const PATH_START =
  /(?:PciRoot|PcieRoot|Acpi|ACPI|HD|BBS|VenHw|VenMsg|VenMedia|Vendor|FvVol|FvFile|Fv|MAC|IPv4|IPv6|Uri|USB|UsbClass|SATA|NVMe|SCSI|File|MemoryMapped|Path)\(/;

/** Reads the output of any version; lines that mean nothing here (data, times) are passed over. */
export function parseBootSettings(text: string): BootSettings {
  const lines = text.split('\n').map((line) => line.trimEnd());
  return {
    current: numberAfter(lines, 'BootCurrent'),
    next: numberAfter(lines, 'BootNext'),
    order: numbersAfter(lines, 'BootOrder'),
    entries: lines.flatMap(entryOf),
  };
}

function entryOf(line: string): BootEntry[] {
  const [, number, mark, rest = ''] = /^Boot([0-9A-Fa-f]{4})([* ])\s?(.*)$/.exec(line) ?? [];
  if (number === undefined) return [];
  const tab = rest.indexOf('\t');
  const start = tab === -1 ? rest.search(PATH_START) : tab;
  return [
    {
      number: number.toUpperCase(),
      active: mark === '*',
      name: (start === -1 ? rest : rest.slice(0, start)).trim(),
      path: start === -1 ? '' : rest.slice(start).trim(),
    },
  ];
}

function numbersAfter(lines: readonly string[], word: string): string[] {
  const line = lines.find((candidate) => candidate.startsWith(`${word}:`));
  return (line?.slice(word.length + 1) ?? '')
    .split(',')
    .map((number) => number.trim().toUpperCase())
    .filter((number) => /^[0-9A-F]{4}$/.test(number));
}

function numberAfter(lines: readonly string[], word: string): string | null {
  return numbersAfter(lines, word)[0] ?? null;
}
