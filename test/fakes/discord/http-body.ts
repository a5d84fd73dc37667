import type { IncomingMessage } from 'node:http';
import { refusal } from './api-error.ts';
import type { MessageBody, Upload } from './message-body.ts';

/** A request's JSON, alone or in a form beside its files. @throws ApiError 50109 */
export async function messageBodyOf(request: IncomingMessage, bytes: Buffer): Promise<MessageBody> {
  const type = request.headers['content-type'] ?? '';
  if (bytes.length === 0) return { body: undefined, files: [] };
  if (!type.startsWith('multipart/form-data')) return { body: jsonOf(bytes.toString('utf8')), files: [] };
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData();
  const json = form.get('payload_json');
  const files: Upload[] = [];
  for (const [field, value] of form.entries()) {
    const [, index] = /^files\[(\d+)\]$/.exec(field) ?? [];
    if (typeof value === 'string' || index === undefined) continue;
    files.push({ index: Number(index), name: value.name, content: Buffer.from(await value.arrayBuffer()) });
  }
  return { body: typeof json === 'string' ? jsonOf(json) : {}, files };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw refusal('invalidJson');
  }
}
