import type { TestboxAddress } from '../contract/address.ts';
import type { ImageCatalog } from '../domain/images.ts';
import { withVerifications } from '../domain/verification.ts';
import type { App } from './app.ts';

/**
 * What the share holds for a box, with what is known of it from reading it through.
 *
 * @throws ShareError
 */
export async function catalogOf(
  { share, verifications }: Pick<App, 'share' | 'verifications'>,
  address: TestboxAddress,
): Promise<ImageCatalog> {
  const [catalog, known] = await Promise.all([share.catalog(address), verifications.of(address)]);
  return withVerifications(catalog, known);
}
