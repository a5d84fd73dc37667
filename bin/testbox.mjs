#!/usr/bin/env node
// The `testbox` command. Plain JavaScript: it has to run on the system's Node, which can't
// read the TypeScript of the program itself.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';

const { root, node } = await prepare();
const source = join(root, 'src/main.ts');
const program = existsSync(source) ? source : join(root, 'dist/src/main.js');
run(node, [program, ...process.argv.slice(2)], root);
