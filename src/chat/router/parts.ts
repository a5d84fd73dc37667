import type { App } from '../../app/app.ts';
import type { FleetImages } from '../../app/fleet-images.ts';

/** What the conversation works with. */
export interface RouterParts {
  app: App;
  images: FleetImages;
}
