import { describe, expect, it } from 'vitest';
import { findFstabEntry, findMount } from '../../../agent/machine/fstab.ts';

describe('a line of fstab', () => {
  const FSTAB = `
# 10.1.1.1:/old /mnt/testbox-backup nfs4 defaults 0 0
proc /proc proc defaults 0 0
10.42.1.1:/export/testbox-tftp\t/mnt/testbox-tftp\tnfs4\tvers=4.1,noauto,ro\t0 0
  10.42.1.1:/export/testbox-backup /mnt/testbox-backup nfs4 vers=4.1,proto=tcp,noauto,x-systemd.idle-timeout=9,_netdev,hard 3 3
server:/with\\040blank /mnt/blank nfs
`;

  it('gives source, type, and the options that the file system knows', () => {
    expect(findFstabEntry(FSTAB, '/mnt/testbox-backup')).toEqual({
      source: '10.42.1.1:/export/testbox-backup',
      mountPoint: '/mnt/testbox-backup',
      type: 'nfs4',
      options: ['vers=4.1', 'proto=tcp', 'hard'],
    });
    expect(findFstabEntry(FSTAB, '/mnt/testbox-tftp')?.options).toEqual(['vers=4.1', 'ro']);
  });

  it('may have no options and blanks in its names', () => {
    expect(findFstabEntry(FSTAB, '/mnt/blank')).toMatchObject({ source: 'server:/with blank', options: [] });
  });

  it('is not found for another place', () => {
    expect(findFstabEntry(FSTAB, '/mnt')).toBeUndefined();
  });
});

describe('a mount', () => {
  const MOUNTINFO = [
    '22 1 0:21 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/ro',
    '40 22 0:30 / /mnt/share rw,relatime shared:2 master:1 - nfs4 10.1.1.1:/export/share rw,vers=4.1',
    '41 40 0:31 / /mnt/share/with\\040blank rw - nfs4 10.1.1.1:/a\\040b rw',
    '42 22 0:32 / /mnt/twice rw - tmpfs below rw',
    '43 42 0:33 / /mnt/twice rw - tmpfs above rw',
  ].join('\n');

  it.each([
    ['/mnt/share', { type: 'nfs4', source: '10.1.1.1:/export/share' }],
    ['/mnt/share/with blank', { type: 'nfs4', source: '10.1.1.1:/a b' }],
    ['/mnt/twice', { type: 'tmpfs', source: 'above' }],
    ['/mnt/share/other', undefined],
    ['/mnt', undefined],
  ])('at %s', (place, mount) => {
    expect(findMount(MOUNTINFO, place)).toEqual(mount);
  });
});
