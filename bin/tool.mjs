#!/usr/bin/env node
// `node bin/tool.mjs <tool> args…`: a development tool of node_modules/.bin, or `node`
// itself, under the project's own Node.
import { closeSync, existsSync, openSync, readSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './prepare.mjs';
import { run } from './run.mjs';

const [tool, ...args] = process.argv.slice(2);
if (tool === undefined) {
  process.stderr.write('testbox: expected a tool to run: node bin/tool.mjs <tool> [argument…]\n');
  process.exit(2);
}
const { root, node } = await prepare();
if (tool === 'node') {
  run(node, args, root);
} else {
  const path = join(root, 'node_modules/.bin', tool);
  if (!existsSync(path)) {
    process.stderr.write(`testbox: there is no tool "${tool}" in node_modules/.bin\n`);
    process.exit(2);
  }
  const program = realpathSync(path);
  if (isScriptForNode(program)) run(node, [program, ...args], root);
  else run(program, args, root);
}

function isScriptForNode(program) {
  const file = openSync(program, 'r');
  const start = Buffer.alloc(100);
  readSync(file, start, 0, start.length, 0);
  closeSync(file);
  return /^#!.*\bnode\b/.test(start.toString('latin1').split('\n', 1)[0]);
}
