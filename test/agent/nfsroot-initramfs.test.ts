import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SCRIPTS = fileURLToPath(
  new URL('../../agent/nfsroot/root/usr/lib/testbox/initramfs/', import.meta.url),
);
const ORIGINAL =
  'ro aufs=tmpfs boot=nfs root=/dev/nfs nfsroot=10.0.0.9:/export/testbox-nfsroot,ro,tcp nfsvers=3 nfsrootdebug ' +
  'ip=10.40.41.42:10.0.0.9:10.40.41.1:255.255.255.0:maintenance:eth0';
const PASSED_ON = 'ip=10.40.41.42:10.40.41.2:10.40.41.1:255.255.255.0 BOOTIF=01-52-54-00-AB-00-42';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'initramfs-'));
  write('sys/class/net/lo/address', '00:00:00:00:00:00\n');
});
afterEach(() => rmSync(place, { recursive: true }));

describe('the address', () => {
  const ask = (commandLine: string) =>
    run(commandLine, 'read_ip_word; echo "$client|$server|$gateway|$netmask|$wanted_device|$resolvers"');

  it("is PXELINUX's, when it passes it on", () => {
    expect(ask(PASSED_ON)).toBe('10.40.41.42|10.40.41.2|10.40.41.1|255.255.255.0|| ');
  });

  it("is the original's, with its device", () => {
    expect(ask(ORIGINAL)).toBe('10.40.41.42|10.0.0.9|10.40.41.1|255.255.255.0|eth0| ');
  });

  it('is the last that is said', () => {
    expect(ask(`ip=dhcp ${PASSED_ON}`)).toMatch(/^10\.40\.41\.42\|/);
    expect(ask(`${PASSED_ON} ip=dhcp`)).toBe('|||||');
  });

  it('is the inventory’s, which names no server, and name servers behind the method', () => {
    expect(ask('ip=10.1.2.3::10.1.2.1:255.255.0.0:maintenance')).toBe('10.1.2.3||10.1.2.1|255.255.0.0|| ');
    expect(ask('ip=10.1.2.3:::255.0.0.0::eth1:off:9.9.9.9')).toBe('10.1.2.3|||255.0.0.0|eth1|9.9.9.9 ');
  });
});

describe('the network card', () => {
  const find = (commandLine: string, before = '') =>
    run(commandLine, `read_ip_word; ${before} find_device && echo "$device" || echo none`);

  it('is the one that the box booted by, whatever it is called and with or without a link', () => {
    card('eth0', '52:54:00:00:00:99', true);
    card('eth1', '52:54:00:ab:00:42', false);
    expect(find(PASSED_ON)).toBe('eth1');
  });

  it('is waited for when it is late, and another is taken only after a while', () => {
    card('eth0', '52:54:00:00:00:99', true);
    expect(find(PASSED_ON, 'waited=3;')).toBe('none');
    expect(find(PASSED_ON, 'waited=30;')).toBe('eth0');
  });

  it('is the one of the ip= word when it has a link, else the first that has one', () => {
    card('eth0', '52:54:00:00:00:99', true);
    card('eth1', '52:54:00:00:00:42', true);
    expect(find(ORIGINAL.replace('eth0', 'eth1'))).toBe('eth1');
    card('eth1', '52:54:00:00:00:42', false);
    expect(find(ORIGINAL.replace('eth0', 'eth1'))).toBe('eth0');
  });

  it('is none without any link', () => {
    card('eth0', '52:54:00:00:00:99', false);
    expect(find(ORIGINAL)).toBe('none');
  });
});

describe('the root', () => {
  const ask = (commandLine: string, before = '') =>
    run(commandLine, `${before} read_ip_word; read_root_word; echo "$root_server $root_path"`);

  it('is where nfsroot= says, whatever options it brings', () => {
    expect(ask(ORIGINAL)).toBe('10.0.0.9 /export/testbox-nfsroot');
  });

  it('is on the server that the box booted from, when the word names none', () => {
    expect(ask(`nfsroot=/elsewhere ${PASSED_ON}`)).toBe('10.40.41.2 /elsewhere');
    expect(ask(PASSED_ON)).toBe('10.40.41.2 /export/testbox-nfsroot');
  });

  it('is nowhere when nobody names a server: said, and the box boots again', () => {
    expect(ask('ip=10.1.2.3::10.1.2.1:255.255.0.0', 'give_up() { echo "gave up: $*"; exit; };')).toMatch(
      /^gave up: No NFS server/,
    );
  });
});

describe('a kernel that panics', () => {
  it.each([
    ['', '60'],
    ['panic=0', '60'],
    ['panic=-1', '60'],
    ['panic=20', '0'],
  ])('boots again (%j)', (words, inKernel) => {
    run(words, ':');
    expect(readFileSync(join(place, 'proc/sys/kernel/panic'), 'utf8').trim()).toBe(inKernel);
  });
});

/** Runs a piece of shell behind the initramfs' own functions, on a machine that is made of files. */
function run(commandLine: string, script: string): string {
  write('proc/cmdline', `${commandLine}\n`);
  write('proc/sys/kernel/panic', '0\n');
  const sources = ['words.sh', 'network.sh', 'root.sh'].map((name) => `. ${join(SCRIPTS, name)}`).join('; ');
  const env = {
    PATH: process.env.PATH,
    proc: join(place, 'proc'),
    sys: join(place, 'sys'),
    kmsg: '/dev/null',
  };
  // The one program that would change this machine.
  const text = `${sources}; ip() { :; }; waited=0; read_words; ${script}`;
  return execFileSync('sh', ['-c', text], { env, encoding: 'utf8' }).replace(/\n$/, '');
}

function card(name: string, mac: string, link: boolean): void {
  write(`sys/class/net/${name}/address`, `${mac}\n`);
  write(`sys/class/net/${name}/carrier`, link ? '1\n' : '0\n');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(join(place, path)), { recursive: true });
  writeFileSync(join(place, path), text);
}
