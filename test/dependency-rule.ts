import { dirname, join, relative } from 'node:path';

/** Rooms of `src/`, and the rooms each may import besides itself. `agent` is the program beside it. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  main: ['cli'],
  cli: ['chat', 'http', 'storage', 'machine', 'database', 'lab', 'config', 'app', 'domain', 'contract'],
  chat: ['app', 'domain', 'contract'],
  http: ['app', 'domain', 'contract'],
  storage: ['app', 'domain', 'contract'],
  machine: ['app', 'domain', 'contract'],
  database: ['app', 'domain', 'contract'],
  lab: ['app', 'domain', 'contract'],
  app: ['domain', 'contract'],
  config: ['domain', 'contract'],
  domain: ['contract'],
  contract: [],
  agent: ['contract'],
};

/** Packages for rooms that do no I/O; the other rooms import what they need. */
const PURE_PACKAGES: Readonly<Record<string, readonly string[]>> = {
  domain: ['zod', 'node:crypto'],
  contract: ['zod', 'node:crypto', '@noble/hashes/blake3.js'],
};

export interface Import {
  /** The importing file, relative to the project. */
  file: string;
  /** As written. */
  specifier: string;
}

/** Why an import breaks the rule of the house; undefined when it doesn't. */
export function breach({ file, specifier }: Import): string | undefined {
  const from = roomOf(file);
  if (from === undefined) return `${file} is in no room of the house`;
  if (!specifier.startsWith('.')) {
    const allowed = PURE_PACKAGES[from];
    if (allowed === undefined || allowed.includes(specifier)) return undefined;
    return `${file} imports ${specifier}, but ${from} does no I/O and imports no SDK`;
  }
  const target = relative('.', join(dirname(file), specifier));
  const to = roomOf(target);
  if (to === undefined) return `${file} imports ${target}, which is in no room of the house`;
  if (to === from || MAY_IMPORT[from]?.includes(to)) return undefined;
  return `${file} imports ${target}, but ${from} may not import ${to}`;
}

/** Every import of a source text, `import()` and re-exports included. */
export function importsOf(file: string, text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
  const pattern =
    /(?:^|[\s;}])(?:import|export)\s*(?:[^'"`;()]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"`]([^'"`]+)['"`]/g;
  return [...code.matchAll(pattern)].flatMap(([, named, dynamic]) => {
    const specifier = named ?? dynamic;
    return specifier === undefined ? [] : [{ file, specifier }];
  });
}

function roomOf(path: string): string | undefined {
  const [top, second] = path.split('/');
  if (top === 'agent') return 'agent';
  const room = top === 'src' ? second?.replace(/\.ts$/, '') : undefined;
  return room !== undefined && room in MAY_IMPORT ? room : undefined;
}
