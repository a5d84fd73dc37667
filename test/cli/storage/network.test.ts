import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { networkOfServer, networkText, parseNetwork } from '../../../src/cli/storage/network.ts';
import { TestboxAddress } from '../../../src/contract/address.ts';

describe('the net of the boxes', () => {
  it.each([
    ['10.40.41.0/24', '10.40.41.0/24', '255.255.255.0'],
    ['10.40.41.129/25', '10.40.41.128/25', '255.255.255.128'],
    ['10.40.41.7/8', '10.0.0.0/8', '255.0.0.0'],
    ['192.168.255.255/30', '192.168.255.252/30', '255.255.255.252'],
    ['255.255.255.255/1', '128.0.0.0/1', '128.0.0.0'],
  ])('of %s is %s', (text, network, netmask) => {
    const parsed = parseNetwork(text);

    expect(parsed).toMatchObject({ netmask });
    expect(parsed === undefined ? undefined : networkText(parsed)).toBe(network);
  });

  it.each([
    '',
    '10.40.41.0',
    '10.40.41.0/',
    '10.40.41.0/31',
    '10.40.41.0/33',
    '10.40.41.0/0',
    '10.40.41.256/24',
    '10.40.041.0/24',
    '10.40.41.0/24 ',
  ])('is not %j', (text) => {
    expect(parseNetwork(text)).toBeUndefined();
  });

  it("is the one of the interface that has the server's address", () => {
    const [own] = Object.values(networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ family, netmask }) => family === 'IPv4' && netmask === '255.0.0.0');
    expect(own).toMatchObject({ address: '127.0.0.1' });

    const found = networkOfServer(TestboxAddress.parse('127.0.0.1'));

    expect(found).toMatchObject({ kind: 'interface', network: { address: '127.0.0.0', prefix: 8 } });
  });

  it('is taken for one of 24 bits where no interface has the address', () => {
    expect(networkOfServer(TestboxAddress.parse('10.40.41.1'))).toMatchObject({
      kind: 'assumed',
      network: { address: '10.40.41.0', prefix: 24 },
    });
  });
});
