import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { INVENTORY, storageLab, withoutBootPackages } from './storage-lab.ts';

const why = withoutBootPackages;
const WITHOUT_VENUS = INVENTORY.split('\n').slice(0, 2).join('\n');

describe.skipIf(why !== null)(`the files of the output directory${why === null ? '' : ` (${why})`}`, () => {
  it('are renewed when the inventory has changed', () => {
    const lab = storageLab({ inventory: WITHOUT_VENUS });
    lab.layOut();
    writeFileSync(join(lab.root, 'testboxes.yaml'), INVENTORY);

    const { stdout } = lab.layOut();

    expect(stdout.match(/^updated .*/gm)).toEqual(
      ['exports', 'ganesha.conf', 'dnsmasq.conf', 'dnsmasq-proxy.conf'].map(
        (name) => `updated  ${lab.output}/${name}`,
      ),
    );
    expect(readFileSync(join(lab.output, 'dnsmasq.conf'), 'utf8')).toContain(
      '\ndhcp-host=52:54:00:00:00:43,set:grub,10.40.41.43,venus\n',
    );
  });

  it('say what they were made with, and so does a run with other options', () => {
    const lab = storageLab();
    lab.layOut('--interface', 'eth1', '--gateway', '10.40.41.254');

    const { status, stdout } = lab.layOut('--check');

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^differs {2}\S+\/exports: it was made with other options: `testbox storage init --state \S+ .*--interface eth1 --gateway 10\.40\.41\.254`$/m,
    );
  });

  it('are left alone once somebody edited them: the new text is put beside', () => {
    const lab = storageLab();
    lab.layOut();
    const file = join(lab.output, 'dnsmasq.conf');
    const edited = readFileSync(file, 'utf8').replace(',12h', ',1h');
    writeFileSync(file, edited);

    const check = lab.layOut('--check');
    const untouched = readdirSync(lab.output);
    const first = lab.layOut();
    const second = lab.layOut();

    expect(check.stdout).toContain(`differs  ${file}: somebody edited it, so it was left alone\n`);
    expect(untouched).not.toContain('dnsmasq.conf.new');
    expect(first).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(
        `differs  ${file}: somebody edited it, so it was left alone; what it would say now is in ${file}.new\n`,
      ),
    });
    expect(readFileSync(file, 'utf8')).toBe(edited);
    expect(readFileSync(`${file}.new`, 'utf8')).toContain(',12h\n');
    expect(second.stdout).toContain('\nNothing was changed.\n');
  });

  it('are left alone where somebody wrote them, and so is an edited one beside', () => {
    const lab = storageLab();
    lab.layOut();
    const file = join(lab.output, 'exports');
    writeFileSync(file, '/export/testbox-tftp *(rw)\n');
    writeFileSync(`${file}.new`, 'notes of Ann\n');

    const { status, stdout } = lab.layOut();

    expect(status).toBe(0);
    expect(stdout).toContain(
      `differs  ${file}: somebody edited it, so it was left alone, and so was ${file}.new\n`,
    );
    expect(readFileSync(file, 'utf8')).toBe('/export/testbox-tftp *(rw)\n');
    expect(readFileSync(`${file}.new`, 'utf8')).toBe('notes of Ann\n');
  });

  it('name the bind mounts that areas elsewhere than below /export need', () => {
    const lab = storageLab();
    lab.layOut();

    expect(readFileSync(join(lab.output, 'exports'), 'utf8').match(/^#.* none bind.*$/gm)).toEqual(
      ['tftp', 'backup', 'nfsroot'].map(
        (area) =>
          `#   ${lab.root}/${area} /export/testbox-${area} none bind,x-systemd.before=nfs-server.service 0 0`,
      ),
    );
  });

  it('go where --output says', () => {
    const lab = storageLab();

    const { status } = lab.layOut('--output', 'made/here');

    expect(status).toBe(0);
    expect(readdirSync(join(lab.root, 'made/here'))).toContain('ganesha.conf');
    expect(readdirSync(lab.root)).not.toContain('storage');
  });
});
