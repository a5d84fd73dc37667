import type { IncomingMessage } from 'node:http';
import { jsonOf } from '../chat-server/request.ts';
import { Arguments } from './arguments.ts';

/** The arguments of a call, from a form or from JSON; null when it is JSON that nobody can read. */
export function argumentsOf(request: IncomingMessage, body: Buffer): Arguments | null {
  const text = body.toString('utf8');
  if (!typeOf(request).startsWith('application/json')) {
    return new Arguments(new Map(new URLSearchParams(text)));
  }
  const value = jsonOf(text);
  return typeof value === 'object' && value !== null ? new Arguments(new Map(Object.entries(value))) : null;
}

/** From the header, or from the arguments as older clients send it. */
export function tokenOf(request: IncomingMessage, args: Arguments): string | null {
  const [, token] = /^Bearer (.*)$/.exec(request.headers.authorization ?? '') ?? [];
  return token ?? args.text('token');
}

/** A file's bytes, sent bare or as the only file of a form. */
export async function uploadedContent(request: IncomingMessage, body: Buffer): Promise<Buffer> {
  const type = typeOf(request);
  if (!type.startsWith('multipart/form-data')) return body;
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const file = [...form.values()].find((value) => typeof value !== 'string');
  return file === undefined ? Buffer.alloc(0) : Buffer.from(await file.arrayBuffer());
}

function typeOf(request: IncomingMessage): string {
  return request.headers['content-type'] ?? '';
}
