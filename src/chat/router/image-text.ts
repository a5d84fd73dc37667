import type { CurrentImage } from '../../app/fleet-images.ts';
import { formatAge } from '../format.ts';

/** How old a box's image is: `image 3 d ago`. */
export function imageAge(image: CurrentImage, now: number): string {
  switch (image.kind) {
    case 'none':
      return 'no image yet';
    case 'unknown':
      return 'image unknown';
    case 'image': {
      const age = image.takenAt === null ? 'image of unknown age' : `image ${formatAge(now - image.takenAt)}`;
      return image.problem === null ? age : `${age} ⚠ ${image.problem}`;
    }
  }
}

/** Why images are unknown; null when all could be read. */
export function imagesProblem(
  found: readonly { box: { testbox: { name: string } }; image: CurrentImage }[],
): string | null {
  const unread = found.flatMap(({ box, image }) =>
    image.kind === 'unknown' ? [{ name: box.testbox.name, why: image.why }] : [],
  );
  const [first] = unread;
  if (first === undefined) return null;
  if (unread.length === found.length)
    return `The storage share can not be read (${first.why}). \`testbox doctor\` on the server tells more.`;
  const names = unread.map(({ name }) => name).join(', ');
  return `On the storage share the images of ${names} can not be read (${first.why}).`;
}
