/** As mrkdwn: `<https://acme.slack.com/archives/C1/p1700000000000100|the card>`, or `<#C1>`. */
export type { CardLinks } from '../../card-links.ts';
