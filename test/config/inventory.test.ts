import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInventory } from '../../src/config/inventory.ts';

const EXAMPLE = `
groups:
  demo:
    channel: { slack: C0123 }
    deadlines: { call-home: 20m, silence: 90s }
    power: { cycle: [ipmitool, -H, 'bmc-{name}', -P, 'two words', chassis, power, cycle] }
testboxes:
  - name: pluto
    ip: 10.40.41.42
    mac: 52-54-00-00-00-AB
    groups: [demo]
    ssh: { host: 127.40.41.42, port: 40022, host-key: first-use }
    back: { tcp: 3389 }
    reports-from: 127.40.41.42
    disks: [sda]
    kernel-words: [console=ttyS0]
    deadlines: { call-home: 30m }
    channel: { console: lab }
  - name: venus
    ip: 10.40.41.43
    os: custom
    ssh: { reboot: 'shutdown -r +0 &', boot-id: 'cat /boot-count' }
    power: { cycle: [pdu, '{ip}={name}', 'on off'], mode: auto, timeout: 5s }
people:
  alice: ['console:console:alice', 'slack:T1:U1']
  bob: ['console:console:bob']
roles:
  operator: { people: [alice], users: ['slack:T1:U2'], groups: ['slack:T1:S1'] }
  approver: { people: [bob] }
policy:
  restore: { approve: 2 }
  backup-again: confirm
`;

function problemsOf(text: string): string[] {
  const reading = readInventory(text);
  return reading.ok ? [] : reading.problems;
}

describe('readInventory', () => {
  it('reads a box with its own settings before those of its group', () => {
    const reading = readInventory(EXAMPLE, { console: 'general', slack: 'C9', discord: null });

    expect(reading).toMatchObject({
      ok: true,
      testboxes: [
        {
          name: 'pluto',
          address: '10.40.41.42',
          mac: '52:54:00:00:00:ab',
          os: 'linux',
          ssh: { host: '127.40.41.42', port: 40022, user: 'root', hostKey: 'first-use' },
          commands: null,
          back: { kind: 'tcp', port: 3389 },
          power: {
            cycle: ['ipmitool', '-H', 'bmc-pluto', '-P', 'two words', 'chassis', 'power', 'cycle'],
            mode: 'click',
            timeoutMs: 30_000,
          },
          reportsFrom: '127.40.41.42',
          disks: ['sda'],
          kernelWords: ['console=ttyS0'],
          deadlines: { callHome: 1_800_000, silence: 90_000, approval: 14_400_000 },
          channels: { console: 'lab', slack: 'C0123', discord: null },
        },
        {
          name: 'venus',
          mac: null,
          ssh: { host: '10.40.41.43', port: 22, user: 'root', hostKey: 'known-hosts' },
          os: 'custom',
          commands: { reboot: 'shutdown -r +0 &', bootId: 'cat /boot-count' },
          back: { kind: 'ssh' },
          power: { cycle: ['pdu', '10.40.41.43=venus', 'on off'], mode: 'auto', timeoutMs: 5_000 },
          reportsFrom: '10.40.41.43',
          disks: null,
          deadlines: { callHome: 1_200_000 },
          channels: { console: 'general', slack: 'C9', discord: null },
        },
      ],
    });
  });

  it('reads people, roles and policy', () => {
    const reading = readInventory(EXAMPLE);

    expect(reading).toMatchObject({
      access: {
        roles: {
          viewer: { people: [], users: [], groups: [] },
          operator: {
            people: ['alice'],
            users: [{ platform: 'slack', team: 'T1', user: 'U2' }],
            groups: [{ platform: 'slack', team: 'T1', group: 'S1' }],
          },
        },
        policy: {
          backup: { approvals: 0 },
          'backup-again': { approvals: 0 },
          restore: { approvals: 2 },
        },
      },
    });
    expect(reading.ok && reading.access.people.get('alice')).toHaveLength(2);
  });

  it('takes groups as mere labels when none has settings', () => {
    expect(readInventory('testboxes: [{ name: a, ip: 10.0.0.1, groups: [lab] }]')).toMatchObject({
      ok: true,
      testboxes: [{ groups: ['lab'] }],
    });
  });

  it('takes an empty file as a lab without boxes in which nobody may do anything', () => {
    expect(readInventory('')).toMatchObject({
      ok: true,
      testboxes: [],
      access: { policy: { restore: { approvals: 1 } } },
    });
  });

  it('takes an id as a chat shows it, with what keeps the chat from making an emoji of it', () => {
    const reading = readInventory('people: { alice: ["slack:\u200bT1:U1"] }');

    expect(reading.ok && reading.access.people.get('alice')).toEqual([
      { platform: 'slack', team: 'T1', user: 'U1' },
    ]);
  });

  it.each([
    ['testboxes: [', /^not YAML: .*line 1/],
    ['testboxes: *box', /^not YAML: .*alias/],
    ['testbxes: []', /^testbxes \(line 1\): unknown key "testbxes", did you mean "testboxes"\?/],
    [
      'testboxes:\n  - { name: a, ip: 10.0.0.256 }',
      /^testboxes\[0\]\.ip \(line 2\): expected an IPv4 address .* got "10.0.0.256"/,
    ],
    ['testboxes:\n  - { name: a, ip: 10.0.0.010 }', /ip \(line 2\): expected an IPv4 address/],
    ['testboxes:\n  - name: a', /^testboxes\[0\]\.ip \(line 2\): expected an IPv4 address .* got nothing/],
    ['testboxes: [{ name: A B, ip: 10.0.0.1 }]', /name \(line 1\): expected a name of small letters/],
    ['testboxes: [{ name: a, ip: 10.0.0.1, mac: x }]', /mac .*: expected a MAC address/],
    ['testboxes: [{ name: a, ip: 10.0.0.1, back: shh }]', /back .*: expected ssh, none or/],
    ['testboxes: [{ name: a, ip: 10.0.0.1, ssh: { prot: 3 } }]', /ssh\.prot .*did you mean "port"/],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, deadlines: { silence: 1 hour } }]',
      /silence .*: expected a duration such as/,
    ],
    ['testboxes: [{ name: a, ip: 10.0.0.1, deadlines: { silence: 40d } }]', /up to 30d/],
    [
      'groups: { demo: {} }\ntestboxes: [{ name: a, ip: 10.0.0.1, groups: [dmeo] }]',
      /there is no group "dmeo".*did you mean "demo"/,
    ],
    ...[
      'testbox-action-restore',
      'testbox.job=1',
      'root=/dev/sda1',
      'boot=local',
      'init=/bin/sh',
      'nfsroot=x',
    ].map((word): [string, RegExp] => [
      `testboxes: [{ name: a, ip: 10.0.0.1, kernel-words: ["${word}"] }]`,
      /not one of the bot/,
    ]),
    [`testboxes: [{ name: a, ip: 10.0.0.1, kernel-words: ['"'] }]`, /without quotation marks/],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, channel: { discord: 123456789012345678 } }]',
      /without quotes around it/,
    ],
    [
      'groups: { g: { channel: { discord: "lab" } } }',
      /^groups\.g\.channel\.discord .*: expected a channel id of 15 to 21 digits .*, got "lab"/,
    ],
    [
      'groups: { g: { channel: { slack: "#lab" } } }',
      /^groups\.g\.channel\.slack .*: expected a channel id such as C0123ABCD .*About\), got "#lab"/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, power: { cycle: [] } }]',
      /power\.cycle\[0\] .*: expected an argument as text, got nothing/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, power: { cycle: pdu off } }]',
      /power\.cycle .*: expected a list of a program and its arguments, got "pdu off"/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, power: { cycle: [./pdu] } }]',
      /power\.cycle\[0\] .*: expected a program by its name or absolute path, got "\.\/pdu"/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, power: { cycle: [pdu, -p, 161] } }]',
      /power\.cycle\[2\] .*: expected an argument as text, got 161 without quotes around it/,
    ],
    [
      'groups: { g: { power: { cycle: [pdu, "{nmae}"] } } }',
      /groups\.g\.power\.cycle\[1\] .*placeholders are \{name\} and \{ip\}, got "\{nmae\}"/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, power: { cycle: [pdu], mode: yes } }]',
      /power\.mode .*: expected auto or click/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, os: custom, ssh: { reboot: r } }]',
      /^testboxes\[0\]\.ssh\.boot-id \(line 1\): expected a command, because os is custom, got nothing/,
    ],
    [
      'testboxes: [{ name: a, ip: 10.0.0.1, os: freebsd, ssh: { reboot: r } }]',
      /ssh\.reboot .*: the bot has its own commands for freebsd/,
    ],
    ['people: { al: [slack:U1] }', /^people\.al\[0\] \(line 1\): expected platform:team:id/],
    ['people: { al: ["irc:t:u"] }', /where the platform is console, slack, discord/],
    ['people: { al: ["slack:t:u"], bo: ["slack:t:u"] }', /^people\.bo\[0\].*already one of al/],
    [
      'people: { alice: [] }\nroles: { operator: { people: [alicf] } }',
      /nobody called "alicf".*did you mean "alice"/,
    ],
    ['roles: { oprator: {} }', /oprator/],
    ['policy: { restore: maybe }', /expected confirm or \{ approve/],
    ['policy: { restore: { approve: 0 } }', /approve .*: expected a whole number from 1 to 20, got 0/],
    ['policy: { destroy: confirm }', /destroy/],
  ])('refuses %j', (text, expected) => {
    const problems = problemsOf(text);

    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(expected);
  });

  it.each([
    'name: a, ip: 10.0.0.2',
    'name: b, ip: 10.0.0.1',
    'name: b, ip: 10.0.0.2, mac: "AA:bb:00:00:00:01"',
  ])('refuses a second box with { %s }', (second) => {
    const problems = problemsOf(
      `testboxes:\n  - { name: a, ip: 10.0.0.1, mac: "aa:bb:00:00:00:01" }\n  - { ${second} }`,
    );

    expect(problems).toEqual([
      expect.stringMatching(/^testboxes\[1\]\.\w+ \(line 3\): .* already that of testboxes\[0\]/),
    ]);
  });

  it('tells all problems at once', () => {
    const problems = problemsOf(
      'testboxes:\n  - { name: a, ip: x, os: beos }\n  - { name: b, pi: 10.0.0.1 }',
    );

    expect(problems).toHaveLength(4);
  });

  it('has an answer to every text', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.constant(EXAMPLE).map((text) => text.slice(40)),
        ),
        (text) => {
          const reading = readInventory(text);

          expect(reading.ok || reading.problems.length > 0).toBe(true);
        },
      ),
    );
  });
});
