import type { ProofResult } from '../domain/proof-result.ts';

/** What reading a box's images through has found. */
export function proofText(box: string, result: ProofResult): { text: string; lines: string[] } {
  if (result.kind === 'unread')
    return { text: `The images of ${box} could not be read: ${result.why}.`, lines: [] };
  const { images } = result;
  const damaged = images.filter(({ problem }) => problem !== null).length;
  const [are, them] = damaged === 1 ? ['is', 'it'] : ['are', 'them'];
  return {
    text:
      damaged === 0
        ? `All images of ${box} are sound.`
        : `${damaged} of ${images.length} images of ${box} ${are} damaged: no restore takes ${them}.`,
    lines: images.map(
      ({ generation, slot, problem }) =>
        `${problem === null ? '✅' : '⚠'} generation ${generation}${slot === null ? '' : ` ${slot}`}: ${problem ?? 'sound'}`,
    ),
  };
}
