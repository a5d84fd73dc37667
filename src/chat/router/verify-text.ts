import type { App } from '../../app/app.ts';
import { proveForSomebody } from '../../app/prove-for-somebody.ts';
import { ShareError } from '../../app/share-port.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { formatBytes } from '../format.ts';
import { message, words } from '../message.ts';
import type { ChatMessage, InboundCommand } from '../platform.ts';
import { proofText } from '../proof-text.ts';

/**
 * So long a private answer is sure to be seen. Platforms take none after some minutes, and those that were
 * given are gone when the person has left meanwhile.
 */
const WAITED_FOR_MS = 2 * 60_000;

type Asking = Pick<InboundCommand, 'person' | 'channel' | 'answers'>;

/**
 * Reads a box's images through and tells at once that it takes its time. What takes longer than somebody
 * waits for, or is still to be read when the bot stops, the driver tells them later.
 */
export async function answerVerify(app: App, testbox: Testbox, asking: Asking): Promise<void> {
  const { name, address } = testbox;
  const { answers } = asking;
  if (app.verifying.has(address))
    return answers.answer(
      words(`The images of ${name} are being read already. \`/testbox images ${name}\` shows what is found.`),
    );
  app.verifying.add(address);
  try {
    const bytes = await bytesToRead(app, testbox);
    if (bytes === null) return await answers.answer(words(`${name} has no image with an index yet.`));
    await prove(app, { testbox, bytes }, asking);
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    await answers.answer(message(proofText(name, { kind: 'unread', why: error.message })));
  } finally {
    app.verifying.delete(address);
  }
}

async function prove(
  app: App,
  { testbox, bytes }: { testbox: Testbox; bytes: number },
  { person, channel, answers }: Asking,
): Promise<void> {
  const { name, address } = testbox;
  const { askedProofs, clock, random } = app;
  const { platform, user } = person;
  const asked = { id: random.nonce(), address, platform, user, channel, at: clock.now() };
  await askedProofs.begin(asked);
  await answers.answer(
    words(
      `Reading the images of ${name} through (${formatBytes(bytes)}). The result comes here, or in a direct message when it takes more than ${WAITED_FOR_MS / 60_000} minutes; \`/testbox images ${name}\` shows it too.`,
    ),
  );
  const result = await proveForSomebody(app, address);
  if (result === null) return;
  const isWaiting = clock.now() - asked.at < WAITED_FOR_MS;
  if (isWaiting && (await isAnswered(app, answers, message(proofText(name, result)))))
    return askedProofs.done(asked.id);
  await askedProofs.finish(asked.id, result);
  app.wake();
}

/** Null when there is nothing to read. @throws ShareError */
async function bytesToRead(app: App, { address }: Testbox): Promise<number | null> {
  const { generations } = await app.share.catalog(address);
  if (generations.length === 0) return null;
  return generations
    .flatMap(({ manifest }) => manifest?.disks ?? [])
    .reduce((sum, { codedBytes }) => sum + codedBytes, 0);
}

async function isAnswered(app: App, answers: Asking['answers'], answer: ChatMessage): Promise<boolean> {
  try {
    await answers.answer(answer);
    return true;
  } catch (error) {
    app.log.warn({ err: error }, 'the result of a proof is told in another way');
    return false;
  }
}
