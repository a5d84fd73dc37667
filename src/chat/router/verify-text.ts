import type { App } from '../../app/app.ts';
import { ShareError } from '../../app/ports.ts';
import { type VerifiedImage, verifyImages } from '../../app/verify-images.ts';
import type { Testbox } from '../../domain/testbox.ts';
import { formatBytes } from '../format.ts';
import { message, words } from '../message.ts';
import type { ChatMessage, PrivateAnswers } from '../platform.ts';

/**
 * Reads a box's images through while the person waits, and tells at once that it takes its time. What
 * is found is stored: who can't be answered any more finds it in `images`.
 */
export async function answerVerify(app: App, testbox: Testbox, answers: PrivateAnswers): Promise<void> {
  const { name, address } = testbox;
  if (app.verifying.has(address))
    return answers.answer(words(`The images of ${name} are being read already.`));
  app.verifying.add(address);
  try {
    const catalog = await app.share.catalog(address);
    const bytes = catalog.generations
      .flatMap(({ manifest }) => manifest?.disks ?? [])
      .reduce((sum, { codedBytes }) => sum + codedBytes, 0);
    if (catalog.generations.length === 0)
      return await answers.answer(words(`${name} has no image with an index yet.`));
    await answers.answer(
      words(
        `Reading the images of ${name} through (${formatBytes(bytes)}). The result comes here; \`/testbox images ${name}\` shows it too.`,
      ),
    );
    const found = await verifyImages(app, { address, generations: null });
    await answers.answer(verifiedText(name, found));
  } catch (error) {
    if (!(error instanceof ShareError)) throw error;
    await answers.answer(words(`The images of ${name} could not be read: ${error.message}.`));
  } finally {
    app.verifying.delete(address);
  }
}

function verifiedText(name: string, found: readonly VerifiedImage[]): ChatMessage {
  const damaged = found.filter(({ problem }) => problem !== null).length;
  return message({
    text:
      damaged === 0
        ? `All images of ${name} are sound.`
        : `${damaged} of ${found.length} images of ${name} ${damaged === 1 ? 'is' : 'are'} damaged: no restore takes ${damaged === 1 ? 'it' : 'them'}.`,
    lines: found.map(
      ({ generation, slot, problem }) =>
        `${problem === null ? '✅' : '⚠'} generation ${generation}${slot === null ? '' : ` ${slot}`}: ${problem ?? 'sound'}`,
    ),
  });
}
