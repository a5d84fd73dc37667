import { randomBytes } from 'node:crypto';
import { Refusal } from './refusal.ts';

export interface Upload {
  id: string;
  name: string;
  length: number;
  content: string | null;
}

/** Files on their way into a message: announced, sent, then shared once. */
export class Uploads {
  readonly #byKey = new Map<string, Upload>();

  /** The new file's id, and a secret for the path that takes its content. */
  announce(name: string, length: number): { id: string; key: string } {
    const id = `F${randomBytes(5).toString('hex').toUpperCase()}`;
    const key = randomBytes(12).toString('hex');
    this.#byKey.set(key, { id, name, length, content: null });
    return { id, key };
  }

  /** Why the content is refused; null when it was taken. */
  receive(key: string, content: Buffer): string | null {
    const upload = this.#byKey.get(key);
    if (upload === undefined) return 'no such upload';
    if (content.length !== upload.length) {
      return `expected ${upload.length} bytes as announced, got ${content.length}`;
    }
    this.#byKey.set(key, { ...upload, content: content.toString('utf8') });
    return null;
  }

  /** A file that was sent, which can be shared only once. @throws Refusal */
  take(id: string): { id: string; name: string; content: string } {
    const [key, upload] = [...this.#byKey].find(([, upload]) => upload.id === id) ?? [];
    if (key === undefined || upload === undefined || upload.content === null) {
      throw new Refusal('file_not_found');
    }
    this.#byKey.delete(key);
    return { id, name: upload.name, content: upload.content };
  }
}
