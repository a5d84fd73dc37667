import { join } from 'node:path';
import { hexAddress } from '../src/contract/address.ts';
import { INFO_JSON, INFO_TEXT } from '../src/contract/share-layout.ts';
import type { TestboxInfo } from '../src/contract/testbox-info.ts';
import { replaceFile, type ShareFiles } from './durable.ts';
import type { Machine, MachineFacts } from './machine.ts';

/**
 * Writes a box's inventory, for people (`testbox-info.txt`, the original's form) and for
 * programs. The old one is there until the new one is whole.
 */
export async function writeInfo(about: {
  machine: Machine;
  boxDirectory: string;
  files: ShareFiles;
  agentVersion: string;
  now: number;
}): Promise<void> {
  const { machine, boxDirectory, files } = about;
  const [facts, name] = await Promise.all([machine.inspect(), machine.hostname()]);
  const info: TestboxInfo = {
    version: 1,
    name,
    address: machine.address,
    uuid: machine.uuid,
    macs: [...machine.macs],
    cpuModel: facts.cpuModel,
    memoryBytes: facts.memoryBytes,
    disks: await machine.listDisks(),
    kernel: facts.kernel,
    agentVersion: about.agentVersion,
    writtenAt: new Date(about.now).toISOString(),
  };
  await replaceFile(
    files,
    join(boxDirectory, INFO_TEXT),
    infoText({ address: machine.address, name }, facts),
  );
  await replaceFile(files, join(boxDirectory, INFO_JSON), `${JSON.stringify(info, null, 2)}\n`);
}

function infoText(
  { address, name }: Pick<TestboxInfo, 'address' | 'name'>,
  { sections }: MachineFacts,
): string {
  const head = `IP: ${address}\nHEX-IP: ${hexAddress(address)}\nHostname: ${name ?? 'unknown'}\n`;
  const parts = sections.map(({ title, text }) => `\n${`**** ${title} ****\n`.repeat(3)}${text}\n`);
  return head + parts.join('');
}
