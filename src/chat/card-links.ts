import type { CardPlace } from './platform.ts';

/**
 * Where a card is, as the platform's renderer puts it behind what is said: a link to the card's
 * message, or the name of its channel before it is posted.
 */
export type CardLinks = (card: CardPlace) => string;
