import { expect, it } from 'vitest';
import { bootTable, bootTimes } from './boot/stages.ts';

const BOOT = [
  [0, '--- power on'],
  [5_000, 'PXELINUX 6.04 PXE 20190226 Copyright (C) 1994-2015 H. Peter Anvin et al'],
  [9_000, 'Probing EDD (edd=off to disable)... o[    0.000000] Linux version 6.12.107+deb13-amd64'],
  [12_000, '[    3.296246] testbox: start'],
  [12_500, '[    3.785136] testbox: network: eth0 has 10.40.41.42'],
  [15_000, '[    5.821883] testbox: root: 10.40.41.1:/export/testbox-nfsroot/builds/000001'],
  [16_000, '[    6.825424] systemd[1]: systemd 257.13 running in system mode'],
  [17_000, '[    7.741002] systemd[1]: Queued start job for default target testbox.target.'],
  [21_000, '[   11.490985] testbox[177]: 2026-11-23T04:31:57+00:00: Testbox agent 0.1.0, Node 24.21.0'],
  [
    22_000,
    "[   11.664459] testbox[177]: 2026-11-23T04:31:57+00:00: Job zzzzzzzz: 'refresh-info' on 10.40.41.42.",
  ],
  [22_500, '[   12.064459] testbox[177]: 2026-11-23T04:31:58+00:00: The bot says stay: no such job.'],
] as const;
const lines = (startAt = 0) => BOOT.map(([at, text]) => ({ at: at + startAt, text }));

it('reads the stages of the last boot', () => {
  const early = lines().slice(0, 4);
  expect([...bootTimes([...early, ...lines(60_000)])]).toEqual([
    ['PXELINUX', 5],
    ['kernel', 9],
    ['initramfs', 12],
    ['network', 12.5],
    ['root', 15],
    ['systemd', 16],
    ['services', 17],
    ['agent', 21],
    ['hello', 22.5],
  ]);
});

it('has no figures of a boot that is not at its end, or that nobody answered', () => {
  expect(() => bootTimes(lines().slice(0, -1))).toThrow('the stage "hello"');
  expect(() => bootTimes([])).toThrow('the stage "PXELINUX"');
  const unanswered = { at: 22_100, text: 'testbox[177]: The bot did not answer the hello: ECONNREFUSED.' };
  expect(() => bootTimes([...lines(), unanswered])).toThrow('did not answer');
});

it('tells medians, and what each stage took of them', () => {
  const boots = [0, 3, 1].map(
    (more) => new Map([...bootTimes(lines())].map(([stage, at]) => [stage, at + more])),
  );
  const { lines: table, medianHello } = bootTable(boots);
  expect(medianHello).toBe(23.5);
  expect(table.at(-2)?.split(/\s+/)).toEqual([
    'median',
    '6.0',
    '10.0',
    '13.0',
    '13.5',
    '16.0',
    '17.0',
    '18.0',
    '22.0',
    '23.5',
  ]);
  expect(table.at(-1)?.split(/\s+/)).toEqual([
    'each',
    '6.0',
    '4.0',
    '3.0',
    '0.5',
    '2.5',
    '1.0',
    '1.0',
    '4.0',
    '1.5',
  ]);
});
