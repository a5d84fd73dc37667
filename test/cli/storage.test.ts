import { chmodSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { snapshot, storageLab, withoutBootPackages } from './storage/storage-lab.ts';

const why = withoutBootPackages;
const DEFAULT = 'PATH bios\nDEFAULT local-boot\nLABEL local-boot\nLOCALBOOT\n';

describe.skipIf(why !== null)(`testbox storage init${why === null ? '' : ` (${why})`}`, () => {
  it('lays out what a network boot and a backup need', () => {
    const lab = storageLab();

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(readFileSync(join(lab.tftpRoot, 'pxelinux.cfg/default'), 'utf8')).toBe(DEFAULT);
    expect(readdirSync(lab.tftpRoot).toSorted()).toEqual(
      [
        'bios',
        'efi32',
        'efi64',
        'grub',
        'ldlinux.c32',
        'ldlinux.e32',
        'ldlinux.e64',
        'maintenance-boot',
      ].concat(['pxelinux.0', 'pxelinux.cfg', 'syslinux32.efi', 'syslinux64.efi']),
    );
    expect(readFileSync(join(lab.tftpRoot, 'syslinux64.efi'))).toEqual(
      readFileSync('/usr/lib/SYSLINUX.EFI/efi64/syslinux.efi'),
    );
    expect(readdirSync(join(lab.tftpRoot, 'bios')).toSorted()).toEqual(
      readdirSync('/usr/lib/syslinux/modules/bios').toSorted(),
    );
    expect(readdirSync(lab.backupRoot).toSorted()).toEqual(['10.40.41.42', '10.40.41.43', 'testbox-backup']);
    expect(readdirSync(join(lab.backupRoot, '10.40.41.43'))).toEqual(['testbox-backup']);
    expect(readdirSync(lab.nfsroot)).toEqual([]);
    expect(readdirSync(lab.output).toSorted()).toEqual([
      'dnsmasq-proxy.conf',
      'dnsmasq.conf',
      'exports',
      'ganesha.conf',
      'tftpd-hpa',
    ]);
    expect(stdout).toContain(`created  ${lab.tftpRoot}/pxelinux.0\n`);
    expect(stdout).toContain(`cp ${lab.output}/exports /etc/exports.d/testbox.exports && exportfs -ra\n`);
    expect(stdout).toContain('testbox nfsroot build\n');
  });

  it('lets everybody read what it made, whatever the umask', () => {
    const lab = storageLab();

    lab.layOut();

    const closed = ['tftp', 'backup', 'storage', 'state'].flatMap((area) =>
      [
        area,
        ...readdirSync(join(lab.root, area), { recursive: true, encoding: 'utf8' }).map((name) =>
          join(area, name),
        ),
      ].filter((name) => {
        const found = statSync(join(lab.root, name));
        const wanted = found.isDirectory() ? 0o755 : 0o644;
        return (found.mode & 0o777) !== wanted;
      }),
    );
    expect(closed).toEqual([]);
  });

  it('changes nothing the second time, and says so', () => {
    const lab = storageLab();
    lab.layOut();
    const before = snapshot(lab.root);

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(stdout).toContain('\nNothing was changed.\n');
    expect(stdout).not.toMatch(/^(?:created|updated|differs)/m);
    expect(snapshot(lab.root)).toEqual(before);
  });

  it('goes on where it was cut off: a marker is never there before what it marks', () => {
    const lab = storageLab();
    lab.layOut();
    const pxelinux = readFileSync(join(lab.tftpRoot, 'pxelinux.0'));
    for (const name of ['pxelinux.0', 'syslinux32.efi', 'bios/ldlinux.c32', 'pxelinux.cfg/default']) {
      rmSync(join(lab.tftpRoot, name));
    }

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(stdout.match(/^created .*/gm)).toEqual([
      `created  ${lab.tftpRoot}/pxelinux.cfg/default`,
      `created  ${lab.tftpRoot}/bios/ (${readdirSync('/usr/lib/syslinux/modules/bios').length} files)`,
      `created  ${lab.tftpRoot}/syslinux32.efi`,
      `created  ${lab.tftpRoot}/pxelinux.0`,
    ]);
    expect(readFileSync(join(lab.tftpRoot, 'pxelinux.0'))).toEqual(pxelinux);
  });

  it('--check changes nothing: 1 while something is missing, 0 when all is there', () => {
    const lab = storageLab();

    const before = lab.layOut('--check');
    const untouched = readdirSync(lab.root).toSorted();
    lab.layOut();
    const after = lab.layOut('--check');

    expect(before.status).toBe(1);
    expect(before.stdout).toContain(`missing  ${lab.tftpRoot}/pxelinux.0\n`);
    expect(before.stdout).toMatch(/^Missing or different: (\d+) of \1\.$/m);
    expect(untouched).toEqual(['.env', 'testboxes.yaml']);
    expect(after.status).toBe(0);
    expect(after.stdout).toMatch(/\nEverything is there\.\n$/);
  });

  it('leaves images, boot configs and boot programs of others alone, and says what differs', () => {
    const lab = storageLab();
    lab.layOut();
    const image = join(lab.backupRoot, '10.40.41.42/sda.raw.gz');
    const bootConfig = join(lab.tftpRoot, 'pxelinux.cfg/0A28292A');
    const edited = join(lab.tftpRoot, 'pxelinux.cfg/default');
    const pxelinux = join(lab.tftpRoot, 'pxelinux.0');
    const mark = join(lab.backupRoot, 'testbox-backup');
    const grub = join(lab.tftpRoot, 'grub/grubx64.efi');
    writeFileSync(image, 'an image');
    writeFileSync(bootConfig, 'a boot config');
    writeFileSync(edited, DEFAULT.replace('LOCALBOOT', 'LOCALBOOT 0x80'));
    writeFileSync(pxelinux, 'of another version');
    writeFileSync(mark, 'kept by Ann');
    writeFileSync(grub, 'somebody else made this');
    const before = snapshot(lab.root);

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(snapshot(lab.root)).toEqual(before);
    expect(stdout).toContain(
      `differs  ${edited}: line 4 says "LOCALBOOT 0x80" where "LOCALBOOT" was expected; left alone\n`,
    );
    expect(stdout).toContain(
      `differs  ${pxelinux}: it is another one than the one of the package pxelinux; left alone.`,
    );
    expect(stdout).toMatch(/^differs {2}\S+grubx64\.efi: it is another one/m);
    expect(stdout).toContain('Left alone though different: 3, as said above.\n');
    expect(lab.layOut('--check').status).toBe(1);
  });

  it('renews a GRUB image of its own making', () => {
    const lab = storageLab();
    lab.layOut();
    const grub = join(lab.tftpRoot, 'grub/grubx64.efi');
    const content = readFileSync(grub);
    writeFileSync(grub, Buffer.concat([content, Buffer.from('as an earlier GRUB made it')]));

    const check = lab.layOut('--check');
    const { stdout } = lab.layOut();

    expect(check).toMatchObject({
      status: 1,
      stdout: expect.stringContaining(`differs  ${grub}: it is out of date`),
    });
    expect(stdout).toContain(`updated  ${grub}\n`);
    expect(readFileSync(grub).equals(content)).toBe(true);
  });

  it('names what the TFTP server would not be let to read', () => {
    const lab = storageLab();
    lab.layOut();
    const file = join(lab.tftpRoot, 'ldlinux.c32');
    const text = join(lab.tftpRoot, 'pxelinux.cfg/default');
    const directory = join(lab.tftpRoot, 'maintenance-boot');
    for (const path of [file, text]) chmodSync(path, 0o600);
    chmodSync(directory, 0o700);

    const { stdout } = lab.layOut('--check');

    expect(stdout).toContain(`differs  ${file}: the TFTP server can't read it: \`chmod a+r ${file}\``);
    expect(stdout).toContain(`differs  ${text}: the TFTP server can't read it: \`chmod a+r ${text}\``);
    expect(stdout).toContain(
      `differs  ${directory}: boxes and daemons can't read it: \`chmod a+rx ${directory}\``,
    );
    expect(stdout).toContain('Missing or different: 3 of ');
  });
});
