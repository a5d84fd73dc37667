import type { CardPlace } from '../../platform.ts';

/**
 * Where a card is, as mrkdwn: `<https://acme.slack.com/archives/C1/p1700000000000100|the card>`,
 * or `<#C1>` before it is posted.
 */
export type CardLinks = (card: CardPlace) => string;
