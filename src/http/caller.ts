import type { Socket } from 'node:net';

/** The TCP peer's address; IPv4 as such also on a dual-stack socket. No header changes it. */
export function peerAddress(socket: Pick<Socket, 'remoteAddress'>): string {
  return (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/i, '');
}

/** The token of `Authorization: Bearer …`; empty without one. */
export function bearerToken(authorization: string | undefined): string {
  const [, token = ''] = /^Bearer +([^\s]+) *$/i.exec(authorization ?? '') ?? [];
  return token;
}
