import type { NfsExport } from './nfs-export.ts';

/** The exports of `ganesha.conf`, by the path that clients mount. Access is that of its CLIENT blocks. */
export function parseGaneshaFile(text: string): NfsExport[] {
  const plain = text.replace(/#.*/g, '');
  return blocks(plain, 'EXPORT').flatMap((body) => {
    const path = settingOf(body, 'Pseudo');
    if (path === undefined) return [];
    return blocks(body, 'CLIENT').flatMap((client) =>
      (settingOf(client, 'Clients') ?? '*').split(/\s*,\s*/).map((who) => ({
        path,
        client: who,
        isWritable: /^RW$/i.test(settingOf(client, 'Access_Type') ?? ''),
      })),
    );
  });
}

/** What stands between the braces of each block of that name. */
function blocks(text: string, name: string): string[] {
  const found: string[] = [];
  for (const { index, 0: head } of text.matchAll(new RegExp(`\\b${name}\\s*\\{`, 'gi'))) {
    const start = index + head.length;
    let depth = 1;
    let end = start;
    for (; end < text.length && depth > 0; end += 1) {
      if (text[end] === '{') depth += 1;
      if (text[end] === '}') depth -= 1;
    }
    found.push(text.slice(start, end - 1));
  }
  return found;
}

function settingOf(body: string, name: string): string | undefined {
  return new RegExp(`\\b${name}\\s*=\\s*"?([^";]*?)"?\\s*;`, 'i').exec(body)?.[1];
}
