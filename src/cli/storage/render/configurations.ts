import type { StorageSettings } from '../settings.ts';
import { renderDnsmasq } from './dnsmasq.ts';
import { renderDnsmasqProxy } from './dnsmasq-proxy.ts';
import { renderExports } from './exports.ts';
import { renderGanesha } from './ganesha.ts';
import type { Configuration } from './lines.ts';
import { renderTftpdHpa } from './tftpd-hpa.ts';

/** All files of the output directory. */
export function configurations(settings: StorageSettings): Configuration[] {
  return [renderExports, renderGanesha, renderDnsmasq, renderDnsmasqProxy, renderTftpdHpa].map((render) =>
    render(settings),
  );
}
