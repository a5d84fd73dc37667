import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BootId } from '../../../src/contract/ids.ts';
import { bootIdOfMark } from '../../../src/machine/systems/boot-mark.ts';
import { readProbeLines } from '../../../src/machine/systems/probe-lines.ts';

const LINES = 'boot-id=7c1ab8e2-58c6-4f0b-9d1d-0f6b6f3c3f10\nmaintenance=no\nuptime=12\nusers=\n';
const MARKED = 'boot-mark=1795368535\nmaintenance=no\n';

describe('readProbeLines', () => {
  it('does not mind banners, carriage returns and unknown uptime', () => {
    expect(readProbeLines(`Welcome!\n${LINES.replaceAll('\n', '\r\n')}`)).toMatchObject({
      system: 'own',
      uptimeSeconds: 12,
    });
    expect(readProbeLines(LINES.replace('=12', '='))).toMatchObject({ uptimeSeconds: null, users: [] });
    expect(readProbeLines(LINES.replace('=12', '=-3'))).toMatchObject({ uptimeSeconds: null });
  });

  it('gives the same boot id for the same mark, and another one for another', () => {
    expect(readProbeLines(MARKED)?.bootId).toBe(bootIdOfMark('1795368535'));
    expect(readProbeLines(MARKED.replace('35\n', '36\n'))?.bootId).not.toBe(bootIdOfMark('1795368535'));
  });

  it.each([
    '',
    'boot-id=x\nmaintenance=no',
    'boot-id=------------------------------------\nmaintenance=no',
    LINES.replace('maintenance=no', ''),
    LINES.replace('=no', '=maybe'),
    LINES + MARKED,
    MARKED.replace('1795368535', ''),
    MARKED.replace('1795368535', '12.5'),
    MARKED.replace('1795368535', '0x4c86'),
  ])('has nothing to say about %j', (output) => {
    expect(readProbeLines(output)).toBeUndefined();
  });

  it('takes any text', () => {
    fc.assert(fc.property(fc.string(), (text) => readProbeLines(text) === undefined));
  });
});

describe('bootIdOfMark', () => {
  it('is shaped as a UUID of version 8, whatever the mark', () => {
    fc.assert(
      fc.property(fc.string(), (mark) => {
        expect(BootId.parse(bootIdOfMark(mark))).toMatch(
          /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
        );
      }),
    );
  });
});
