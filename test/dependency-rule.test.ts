import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { breach, importsOf } from './dependency-rule.ts';

const root = join(import.meta.dirname, '..');

function sourceFiles(): string[] {
  return ['src', 'agent'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(top, name)),
  );
}

describe('the house', () => {
  const files = sourceFiles();
  const imports = files.flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')));

  it('is read', () => {
    expect(files.length).toBeGreaterThan(50);
    expect(imports.length).toBeGreaterThan(files.length);
  });

  it('imports downwards only', () => {
    expect(imports.map(breach).filter((found) => found !== undefined)).toEqual([]);
  });
});

describe('breach', () => {
  it.each([
    ['src/main.ts', './cli/serve.ts'],
    ['src/cli/serve.ts', '../chat/slack/platform.ts'],
    ['src/cli/serve.ts', '../config/env.ts'],
    ['src/chat/slack/platform.ts', '../platform.ts'],
    ['src/storage/area.ts', '../app/ports.ts'],
    ['src/machine/ssh.ts', 'node-ssh'],
    ['src/app/drive.ts', '../domain/job.ts'],
    ['src/config/inventory.ts', '../domain/testbox.ts'],
    ['src/domain/job.ts', 'zod'],
    ['src/contract/plan.ts', 'node:crypto'],
    ['agent/actions/backup.ts', '../../src/contract/plan.ts'],
    ['agent/actions/backup.ts', '../imaging/capture.ts'],
  ])('lets %s import %s', (file, specifier) => {
    expect(breach({ file, specifier })).toBeUndefined();
  });

  it.each([
    ['src/main.ts', './app/drive.ts', 'main may not import app'],
    ['src/chat/router.ts', '../http/server.ts', 'chat may not import http'],
    ['src/storage/area.ts', '../machine/ssh.ts', 'storage may not import machine'],
    ['src/http/server.ts', '../config/env.ts', 'http may not import config'],
    ['src/app/drive.ts', '../storage/area.ts', 'app may not import storage'],
    ['src/app/drive.ts', '../config/env.ts', 'app may not import config'],
    ['src/config/inventory.ts', '../app/ports.ts', 'config may not import app'],
    ['src/domain/job.ts', '../app/ports.ts', 'domain may not import app'],
    ['src/domain/job.ts', 'node:fs', 'no I/O'],
    ['src/contract/plan.ts', 'fastify', 'no SDK'],
    ['src/contract/plan.ts', '../domain/job.ts', 'contract may not import domain'],
    ['src/cli/demo.ts', '../../agent/main.ts', 'cli may not import agent'],
    ['agent/main.ts', '../src/domain/job.ts', 'agent may not import domain'],
    ['src/app/drive.ts', '../../test/fakes/clock.ts', 'no room'],
    ['src/utils/text.ts', './other.ts', 'no room'],
  ])('does not let %s import %s', (file, specifier, why) => {
    expect(breach({ file, specifier })).toContain(why);
  });
});

describe('importsOf', () => {
  it('finds imports of every form and none in comments', () => {
    const text = `
import type { A } from './a.ts';
import {
  b,
  type C,
} from "./b.ts";
import './side-effect.ts';
export * from './c.ts';
export { d } from './d.ts';
// import { no } from './no.ts';
/* import './neither.ts' */
const e = await import('./e.ts');
const notAnImport = "from './text.ts'";
`;

    const found = importsOf('src/x.ts', text).map(({ specifier }) => specifier);

    expect(found).toEqual(['./a.ts', './b.ts', './side-effect.ts', './c.ts', './d.ts', './e.ts']);
  });
});
