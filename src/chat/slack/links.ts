import type { CardLinks } from './blocks/links.ts';
import { parseRef } from './ref.ts';

/**
 * @param workspaceUrl such as `https://acme.slack.com/`; null while Slack hasn't told it yet, and
 *   then links lead to the card's channel
 */
export function cardLinks(workspaceUrl: () => string | null): CardLinks {
  return ({ channel, ref }) => {
    const url = workspaceUrl();
    const place = ref === null ? null : parseRef(ref);
    if (url === null || place === null) return `<#${channel}>`;
    return `<${permalink(url, place)}|the card>`;
  };
}

function permalink(url: string, { channel, ts }: { channel: string; ts: string }): string {
  return `${url.replace(/\/+$/, '')}/archives/${channel}/p${ts.replace('.', '')}`;
}
