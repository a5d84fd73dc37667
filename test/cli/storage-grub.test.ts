import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GRUB_SCRIPT_MARK, grubScript } from '../../src/cli/storage/grub/script.ts';
import { grubFiles } from '../../src/cli/storage/grub.ts';
import { hexAddress, TestboxAddress } from '../../src/contract/address.ts';

const SERVER = TestboxAddress.parse('10.40.41.1');
const probe = await grubFiles(null);
const missing = probe.kind === 'missing' ? probe.packages.join(' ') : null;

/** What the script assigns before anything else. */
const assigned = new Map(
  [...grubScript(SERVER).matchAll(/^(\w+)=(\S*)$/gm)].map(([, name = '', value = '']) => [name, value]),
);

describe("GRUB's script", () => {
  it('spells every octet as the names of boot configs do, and reads it back', () => {
    for (let octet = 0; octet < 256; octet += 1) {
      const hex = hexAddress(TestboxAddress.parse(`1.1.1.${octet}`)).slice(-2);

      expect(assigned.get(`hex_${octet}`)).toBe(hex);
      // DHCP options are given in small letters.
      expect(assigned.get(`octet_${hex.toLowerCase()}`)).toBe(String(octet));
    }
  });

  it('asks the storage server where init knows its address', () => {
    expect(assigned.get('storage_server')).toBe(SERVER);
    expect(grubScript(null)).toMatch(/^storage_server=$/m);
  });

  it('begins with the line that its files are known by', () => {
    for (const server of [SERVER, null]) expect(grubScript(server).split('\n')[0]).toBe(GRUB_SCRIPT_MARK);
  });
});

const suite = missing === null ? "GRUB's image" : `GRUB's image (skipped: install ${missing})`;

describe.skipIf(missing !== null)(suite, () => {
  it('has a script that GRUB can read', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'testbox-grub-script-'));
    const check = (text: string) => {
      const file = join(directory, 'grub.cfg');
      return writeFile(file, text).then(() => promisify(execFile)('grub-script-check', [file]));
    };

    await expect(check(grubScript(SERVER))).resolves.toMatchObject({ stderr: '' });
    await expect(check(`${grubScript(SERVER)}\nfi\n`)).rejects.toThrow(/syntax error/);

    await rm(directory, { recursive: true });
  });

  it('is an EFI program with the script inside, the same bytes each time', async () => {
    const [first, second] = await Promise.all([grubFiles(SERVER), grubFiles(SERVER)]);

    expect(second).toEqual(first);
    const [image, ...others] = first.kind === 'files' ? first.files : [];
    expect(image?.path).toBe('grub/grubx64.efi');
    expect(others).toEqual([]);
    expect(image?.content.subarray(0, 2).toString()).toBe('MZ');
    expect(image?.content.includes(grubScript(SERVER))).toBe(true);
  });

  it('differs where the server does', async () => {
    expect(await grubFiles(SERVER)).not.toEqual(await grubFiles(null));
  });
});
