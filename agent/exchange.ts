import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';

/** One answer, whole. */
export interface Reply {
  status: number;
  text: string;
  /** Epoch ms by the server's clock, to the second; null when it doesn't say. */
  serverTime: number | null;
}

/**
 * Posts JSON over one connection that is kept open. Node's own client: loading a better one
 * takes longer than the rest of the agent's start on a slow machine.
 */
export class Exchange {
  readonly #base: URL;
  readonly #options: { localAddress: string | null; timeoutMs: number; answerBytes: number };
  #agent: Agent | null = null;
  #request: typeof request = request;

  constructor(options: {
    base: string;
    /** Source address; null is any. */
    localAddress: string | null;
    /** From connecting to the last byte of the answer. */
    timeoutMs: number;
    /** Longer answers are refused. */
    answerBytes: number;
  }) {
    this.#base = new URL(`${options.base.replace(/\/+$/, '')}/`);
    this.#options = options;
  }

  /** @throws for all that a network can do */
  async post(call: { path: string; body: unknown; token: string | null }): Promise<Reply> {
    const body = JSON.stringify(call.body);
    const agent = this.#agent ?? (await this.#open());
    const { localAddress, timeoutMs } = this.#options;
    const options: RequestOptions = {
      agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        ...(call.token === null ? {} : { authorization: `Bearer ${call.token}` }),
      },
      ...(localAddress === null ? {} : { localAddress }),
      signal: AbortSignal.timeout(timeoutMs),
    };
    const sent = this.#request(new URL(call.path.replace(/^\/+/, ''), this.#base), options);
    sent.end(body);
    try {
      const response = await answerTo(sent);
      const text = await this.#read(response);
      const serverTime = Date.parse(response.headers.date ?? '');
      return {
        status: response.statusCode ?? 0,
        text,
        serverTime: Number.isNaN(serverTime) ? null : serverTime,
      };
    } catch (error) {
      sent.destroy();
      throw error;
    }
  }

  close(): void {
    this.#agent?.destroy();
  }

  async #open(): Promise<Agent> {
    const options = { keepAlive: true, maxSockets: 1 };
    if (this.#base.protocol === 'https:') {
      const https = await import('node:https');
      this.#request = https.request;
      this.#agent = new https.Agent(options);
    } else this.#agent = new Agent(options);
    return this.#agent;
  }

  async #read(response: IncomingMessage): Promise<string> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    for await (const piece of response) {
      const buffer = Buffer.from(piece);
      bytes += buffer.length;
      if (bytes > this.#options.answerBytes) throw new Error('its answer is too long');
      pieces.push(buffer);
    }
    return Buffer.concat(pieces).toString();
  }
}

function answerTo(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once('response', resolve);
    // Also after the answer has begun: its reader hears of that, and nobody else must.
    sent.on('error', reject);
  });
}
