import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { z } from 'zod';

/** What a network boot asks of its net, as a ROM would. */
const Question = z.object({
  mac: z.string(),
  /** Client architecture: 0 BIOS, 6 UEFI of 32 bits, 7 and 9 of 64 bits. */
  architecture: z.number(),
  /** As it was told before: then only this is asked for. */
  requested: z.string().nullable().default(null),
});
type Question = z.infer<typeof Question>;

/** What the server says, and how it says it. */
export const Answer = z.object({
  mac: z.string(),
  kind: z.enum(['offer', 'ack', 'nak', 'other']),
  address: z.string(),
  nextServer: z.string(),
  file: z.string(),
  /** By the option's number, in hexadecimal. */
  options: z.record(z.string(), z.string()),
});
export type Answer = z.infer<typeof Answer>;

const KINDS: Readonly<Record<number, Answer['kind']>> = { 2: 'offer', 5: 'ack', 6: 'nak' };
const MAGIC = Buffer.from([99, 130, 83, 99]);
const SERVER = '10.40.41.1';
const PATIENCE_MS = 10_000;

function packet({ mac, architecture, requested }: Question): Buffer {
  const head = Buffer.alloc(236);
  const hardware = Buffer.from(mac.replaceAll(':', ''), 'hex');
  head.set([1, 1, 6, 0]);
  head.set(hardware.subarray(2), 4); // transaction id
  head.writeUInt16BE(0x8000, 10); // answer to all: there is no address yet
  head.set(hardware, 28);
  const option = (code: number, value: Buffer) => Buffer.concat([Buffer.from([code, value.length]), value]);
  const arch = String(architecture).padStart(5, '0');
  return Buffer.concat([
    head,
    MAGIC,
    option(53, Buffer.from([requested === null ? 1 : 3])),
    ...(requested === null
      ? []
      : [
          option(50, Buffer.from(requested.split('.').map(Number))),
          option(54, Buffer.from(SERVER.split('.').map(Number))),
        ]),
    option(55, Buffer.from([1, 3, 6, 43, 51, 54, 60, 66, 67, 175])),
    option(60, Buffer.from(`PXEClient:Arch:${arch}:UNDI:003016`)),
    option(93, Buffer.from([0, architecture])),
    option(94, Buffer.from([1, 3, 16])),
    Buffer.from([255]),
  ]);
}

function readAnswer(message: Buffer): Answer {
  const options: Record<string, string> = {};
  for (let at = 240; at < message.length && message[at] !== 255; ) {
    const length = message[at + 1] ?? 0;
    options[String(message[at])] = message.subarray(at + 2, at + 2 + length).toString('hex');
    at += 2 + length;
  }
  return {
    mac: (message.subarray(28, 34).toString('hex').match(/../g) ?? []).join(':'),
    kind: KINDS[Number.parseInt(options['53'] ?? '0', 16)] ?? 'other',
    address: message.subarray(16, 20).join('.'),
    nextServer: message.subarray(20, 24).join('.'),
    file: message.subarray(108, 236).toString('latin1').replace(/\0.*$/s, ''),
    options,
  };
}

/** Asks one question after the other, and ends with the answer to the last one. */
async function ask(questions: readonly Question[]): Promise<Answer[]> {
  const socket = createSocket({ type: 'udp4', reuseAddr: true });
  socket.bind(68, '0.0.0.0');
  await once(socket, 'listening');
  socket.setBroadcast(true);
  const last = questions.at(-1)?.mac;
  const answers: Answer[] = [];
  const ended = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('no answer to the last question')), PATIENCE_MS);
    socket.on('message', (message) => {
      const answer = readAnswer(message);
      answers.push(answer);
      if (answer.mac !== last) return;
      clearTimeout(timer);
      resolve();
    });
  });
  for (const question of questions)
    await sent(socket, packet(question), { port: 67, address: '255.255.255.255' });
  await ended;
  socket.close();
  return answers;
}

/** A file by TFTP, as ROMs fetch it: in blocks of 512 bytes. */
async function fetch(path: string): Promise<Buffer> {
  const socket = createSocket('udp4');
  await sent(socket, Buffer.from(`\0\x01${path}\0octet\0`, 'latin1'), { port: 69, address: SERVER });
  const blocks: Buffer[] = [];
  const signal = AbortSignal.timeout(PATIENCE_MS);
  for (let isLast = false; !isLast; ) {
    const [message, from] = z
      .tuple([z.instanceof(Buffer), z.object({ port: z.number() })])
      .parse(await once(socket, 'message', { signal }));
    if (message.readUInt16BE(0) === 5) throw new Error(message.subarray(4, -1).toString('latin1'));
    blocks.push(message.subarray(4));
    isLast = message.length < 516;
    await sent(socket, Buffer.concat([Buffer.from([0, 4]), message.subarray(2, 4)]), {
      port: from.port,
      address: SERVER,
    });
  }
  socket.close();
  return Buffer.concat(blocks);
}

function sent(socket: Socket, message: Buffer, to: { port: number; address: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(message, to.port, to.address, (error) =>
      error === null || error === undefined ? resolve() : reject(error),
    );
  });
}

/** The network is the one that this process is in, so it is run as a program of its own. */
if (import.meta.main) {
  const [what, words = ''] = process.argv.slice(2);
  try {
    if (what === 'ask') {
      process.stdout.write(JSON.stringify(await ask(z.array(Question).parse(JSON.parse(words)))));
    } else process.stdout.write((await fetch(words)).toString('base64'));
  } catch (error) {
    process.stderr.write(String(error));
    process.exit(1);
  }
}
