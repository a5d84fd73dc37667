import type { NfsExport } from './nfs-export.ts';

/** The lines of exports(5), as in `/etc/exports` and in the table of what is exported now. */
export function parseExportsFile(text: string): NfsExport[] {
  return text
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .flatMap((line) => {
      const [path = '', ...clients] = line.split(/\s+/);
      return clients.map((client) => exportTo(path.replace(/^"(.*)"$/, '$1'), client));
    });
}

/** `10.40.41.42(rw,sync)`; without options it is read-only. */
function exportTo(path: string, text: string): NfsExport {
  const [, client = '', options = ''] = /^([^(]*)(?:\((.*)\))?$/.exec(text) ?? [];
  return { path, client: client === '' ? '*' : client, isWritable: options.split(',').includes('rw') };
}
