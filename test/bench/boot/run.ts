import { randomBytes } from 'node:crypto';
import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { plannedBootConfig } from '../../../src/app/boot-config.ts';
import { openConsoleChat } from '../../../src/cli/demo/console-chat.ts';
import { hexAddress, parseTestboxAddress } from '../../../src/contract/address.ts';
import { ACTION_WORD, JOB_WORD, NONCE_WORD } from '../../../src/contract/command-line.ts';
import { BOOT_CONFIG_DIRECTORY, MAINTENANCE_BOOT_DIRECTORY } from '../../../src/contract/share-layout.ts';
import { PLUTO } from '../../e2e/lab/boxes.ts';
import { LogShelf } from '../../e2e/lab/log-shelf.ts';
import { makeBox } from '../../e2e/lab/make-box.ts';
import { QemuBox } from '../../e2e/lab/qemu-box.ts';
import { requireLab } from '../../e2e/lab/requirements.ts';
import { SCRATCH_PARENT, takeScratch } from '../../e2e/lab/scratch.ts';
import { ServedBot } from '../../e2e/lab/served-bot.ts';
import { openServer, testboxCommand } from '../../e2e/lab/server.ts';
import { BRIDGE, SERVER_ADDRESS, STORAGE_WORDS } from '../../e2e/lab/settings.ts';
import { buildSite, copyMaintenanceSystem, type Site, siteAt } from '../../e2e/lab/site.ts';
import { NfsServer, startDnsmasq } from '../../e2e/lab/storage-daemons.ts';
import { type BootTimes, bootTimes, HELLO_SAID } from './stages.ts';

/**
 * Switches a box in QEMU on, again and again, until its agent has said hello to a real bot, which
 * knows nothing of the job.
 *
 * @param evidence a directory for the logs
 */
export async function measureBoots(
  boots: number,
  { evidence, say }: { evidence: string; say: (line: string) => void },
): Promise<BootTimes[]> {
  await requireLab(SCRATCH_PARENT);
  await mkdir(evidence, { recursive: true });
  const scratch = await takeScratch();
  const logs = new LogShelf(evidence);
  try {
    const site = await prepareSite(join(scratch, 'site'), { evidence, say });
    return await bootAgain(boots, { site, scratch: join(scratch, 'lab'), logs, say });
  } catch (error) {
    throw new Error(`${String(error)}\n${logs.tails()}`, { cause: error });
  } finally {
    await logs.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function prepareSite(
  directory: string,
  { evidence, say }: { evidence: string; say: (line: string) => void },
): Promise<Site> {
  const place = process.env.TESTBOX_PXE_SITE ?? directory;
  await mkdir(place, { recursive: true });
  // The bot is an ordinary user.
  await chmod(place, 0o755);
  await buildSite(place, { say, evidence });
  return siteAt(place);
}

async function bootAgain(
  boots: number,
  { site, scratch, logs, say }: { site: Site; scratch: string; logs: LogShelf; say: (line: string) => void },
): Promise<BootTimes[]> {
  await mkdir(scratch, { mode: 0o755 });
  const { enclosure, directories } = await openServer(scratch, { keyFile: site.keyFile, boxes: [PLUTO] });
  const closing = [() => enclosure.close()];
  try {
    await enclosure.must(testboxCommand(['storage', 'init', ...STORAGE_WORDS]));
    await copyMaintenanceSystem(site, directories);
    await new NfsServer(enclosure, logs.open('ganesha')).start();
    await startDnsmasq(enclosure, logs.open('dnsmasq'));
    // The bot wants a chat. It is another user.
    const chat = await openConsoleChat(directories.consoleSocket);
    closing.push(() => chat.close());
    await chmod(directories.consoleSocket, 0o666);
    await new ServedBot(enclosure, logs.open('bot')).start();
    const model = await makeBox(PLUTO, { wish: {}, tinySystem: site.tinySystem, scratch });
    const serial = logs.open('serial');
    const box = new QemuBox(model, { enclosure, bridge: BRIDGE, scratch, serial });
    await box.connect();
    const times: BootTimes[] = [];
    for (let boot = 1; boot <= boots; boot += 1) {
      await writeBootConfig(directories.tftp);
      const from = serial.length;
      await box.powerOn();
      await serial.untilLine(HELLO_SAID, { from });
      await box.powerCut();
      const reached = bootTimes(serial.timed());
      times.push(reached);
      say(`boot ${boot}: hello after ${reached.get('hello')?.toFixed(1)} s`);
    }
    return times;
  } finally {
    for (const close of closing) await close();
  }
}

/** As the bot writes it for a job; this one is nobody's. */
async function writeBootConfig(tftpRoot: string): Promise<void> {
  const address = parseTestboxAddress(PLUTO.address);
  if (address === undefined) throw new Error(`${PLUTO.address} is no address`);
  const text = plannedBootConfig(
    {
      name: PLUTO.name,
      address,
      mac: PLUTO.mac,
      kernelWords: [],
      network: { kind: 'pxe' },
      serialConsole: 'ttyS0,115200',
    },
    'refresh-info',
    {
      kernel: `${MAINTENANCE_BOOT_DIRECTORY}/vmlinuz`,
      initrd: `${MAINTENANCE_BOOT_DIRECTORY}/initrd.img`,
      nfsServer: SERVER_ADDRESS,
    },
  );
  const job = `${JOB_WORD}zzzzzzzz ${NONCE_WORD}${randomBytes(16).toString('hex')}`;
  const file = join(tftpRoot, BOOT_CONFIG_DIRECTORY, hexAddress(address));
  await writeFile(file, text.replace(`${ACTION_WORD}refresh-info`, `$& ${job}`), { mode: 0o644 });
}
