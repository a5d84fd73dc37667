import type { OperatingSystem, Testbox } from '../domain/testbox.ts';
import { custom } from './systems/custom.ts';
import { freebsd } from './systems/freebsd.ts';
import { linux } from './systems/linux.ts';
import { macos } from './systems/macos.ts';
import { solaris } from './systems/solaris.ts';
import type { System } from './systems/system.ts';
import { windows } from './systems/windows.ts';

const KNOWN: Readonly<Record<Exclude<OperatingSystem, 'custom'>, System>> = {
  linux,
  windows,
  macos,
  freebsd,
  solaris,
};

/** @throws when a custom system has no commands, which no inventory passes */
export function systemOf({ name, os, commands }: Testbox): System {
  if (os !== 'custom') return KNOWN[os];
  if (commands === null) throw new Error(`${name} has a custom system and no commands for it`);
  return custom(commands);
}
