/** One place that apt takes packages from. */
export interface AptSource {
  uri: string;
  suite: string;
  components: readonly string[];
  /** A keyring's path, a fingerprint, or null for apt's own keys. */
  signedBy: string | null;
}

/** Of a `.list` file: one source a line. */
export function parseSourcesList(text: string): AptSource[] {
  return text.split('\n').flatMap((line) => {
    const [, options = '', uri, suite, components = ''] =
      /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line) ?? [];
    if (uri === undefined || suite === undefined) return [];
    const [, signedBy] = /(?:^|\s)signed-by=(\S+)/i.exec(options) ?? [];
    return [{ uri, suite, components: words(components), signedBy: signedBy ?? null }];
  });
}

/** Of a deb822 `.sources` file: stanzas, each with any number of URIs and suites. */
export function parseSourcesStanzas(text: string): AptSource[] {
  return text
    .replaceAll(/^#.*\n?/gm, '')
    .split(/\n\s*\n/)
    .flatMap((stanza) => {
      const fields = fieldsOf(stanza);
      const isOff = /^(?:no|false|without|off|disable|0)$/i.test(fields.get('enabled') ?? '');
      if (isOff || !words(fields.get('types')).includes('deb')) return [];
      const components = words(fields.get('components'));
      const signedBy = words(fields.get('signed-by'))[0] ?? null;
      return words(fields.get('uris')).flatMap((uri) =>
        words(fields.get('suites')).map((suite) => ({ uri, suite, components, signedBy })),
      );
    });
}

/** Names in lower case; a line that begins with a blank goes on with the value before it. */
function fieldsOf(stanza: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [, name = '', value = ''] of stanza.matchAll(/^([A-Za-z-]+):(.*(?:\n[ \t].*)*)/gm)) {
    fields.set(name.toLowerCase(), value.trim());
  }
  return fields;
}

function words(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}
