import { join } from 'node:path';
import { plannedBootConfig } from '../../app/boot-config.ts';
import { ShareError } from '../../app/share-port.ts';
import type { PxeConfig } from '../../config/pxe-env.ts';
import type { Action } from '../../contract/action.ts';
import { hexAddress } from '../../contract/address.ts';
import { BOOT_CONFIG_DIRECTORY } from '../../contract/share-layout.ts';
import type { StorageArea } from '../../storage/area.ts';
import type { PxeBox } from './find-box.ts';
import { meaningOf } from './meaning.ts';

export interface PxeResult {
  status: 0 | 1 | 2;
  output: readonly string[];
  /** Problems and warnings, for standard error. */
  problems: readonly string[];
}

export interface PxePlace {
  config: PxeConfig;
  share: Pick<
    StorageArea,
    'readBootConfig' | 'putJoblessBootConfig' | 'removeJoblessBootConfig' | 'shadowingBootConfigs'
  >;
  box: PxeBox;
}

export async function writeFile(
  place: PxePlace,
  wish: { action: Action; replace: boolean },
): Promise<PxeResult> {
  const { share, box, config } = place;
  return onShare(async () => {
    const text = plannedBootConfig(box, wish.action, config);
    const replaced = wish.replace ? await share.readBootConfig(box.address) : null;
    const written = await share.putJoblessBootConfig(box.address, { text, replace: wish.replace });
    if (written.kind === 'refused') return refused(`${written.why}; nothing was changed`);
    const lost = replaced === null ? [] : [`replaced a file by which ${meaningOf(replaced)}`];
    return {
      status: 0,
      output: [...lost, `${pathOf(place)}: at its next network boot ${meaningOf(text)}`],
      problems: await shadowWarnings(place),
    };
  });
}

export async function showFile(place: PxePlace): Promise<PxeResult> {
  return onShare(async () => {
    const text = await place.share.readBootConfig(place.box.address);
    const problems = await shadowWarnings(place);
    const path = pathOf(place);
    if (text === null) {
      return { status: 0, output: [`${path} is not there: the box boots from default`], problems };
    }
    return { status: 0, output: [`${path}: ${meaningOf(text)}`, '', text.trimEnd()], problems };
  });
}

export async function removeFile(place: PxePlace): Promise<PxeResult> {
  return onShare(async () => {
    const removal = await place.share.removeJoblessBootConfig(place.box.address);
    if (removal.kind === 'foreign') return refused(`${removal.why}; it was left alone`);
    return { status: 0, output: [`${pathOf(place)} is gone: the box boots from default`], problems: [] };
  });
}

async function shadowWarnings({ share, box }: PxePlace): Promise<string[]> {
  const names = await share.shadowingBootConfigs(box);
  return names.map((name) => `warning: PXELINUX finds ${name} first, if it is of this box`);
}

async function onShare(work: () => Promise<PxeResult>): Promise<PxeResult> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ShareError) return refused(error.message);
    throw error;
  }
}

function refused(why: string): PxeResult {
  return { status: 1, output: [], problems: [why] };
}

function pathOf({ config, box }: PxePlace): string {
  return join(config.tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(box.address));
}
