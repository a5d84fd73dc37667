import { Command, Option } from 'commander';
import type { TestboxAddress } from '../contract/address.ts';
import { initStorage } from './storage/init.ts';
import type { Network } from './storage/network.ts';
import {
  DEFAULT_OUTPUT,
  DEFAULT_STATE,
  type InitOptions,
  readAddress,
  readDirectory,
  readInterface,
  readIpv6Prefix,
  readNetwork,
} from './storage/options.ts';

interface Given {
  check?: true;
  output: string;
  state: string;
  user?: string;
  boxes?: Network;
  interface?: string;
  gateway?: TestboxAddress;
  dns?: TestboxAddress;
  bot?: TestboxAddress;
  ipv6Prefix?: string;
  backupExport: 'per-box' | 'shared';
  tftp: 'dnsmasq' | 'tftpd-hpa';
  jobless?: true;
}

const HELP = `
Lays out the three areas that .env names: the TFTP area with PXELINUX and the boot config
"default", the backup area with its marker and a directory for each box of the inventory, and an
empty nfsroot. Writes ready configuration to the output directory: exports (the kernel's NFS
server), ganesha.conf, dnsmasq.conf, dnsmasq-proxy.conf and tftpd-hpa; each says where it goes.

A second run changes only what has changed: images, boot configs and edited files are left alone,
and it says what is different about them. Nothing is overwritten but its own untouched writing.

The bot's user is whom the backup area belongs to already, else the user testbox.

Exits 0 when all is there, 1 when something stands against it; with --check, 1 when something is
missing or different; 2 for words that make no sense.

  testbox storage init                              as root, in the directory of .env
  testbox storage init --check                      only say what is missing or different
  testbox storage init --interface eth1             boxes are on eth1 alone
  testbox storage init --boxes 10.40.40.0/23 --gateway 10.40.40.1
  testbox storage init --jobless                    a lab without a bot, as the seed has it`;

/** `testbox storage`: what the storage server needs. */
export function storageCommand(): Command {
  return new Command('storage').description('lay out the storage server').addCommand(initCommand());
}

function initCommand(): Command {
  return new Command('init')
    .description('lay out the TFTP area, the backup area and the nfsroot, and write configuration')
    .option('--check', 'change nothing, say what is missing or different')
    .addOption(
      new Option('--output <directory>', 'where the configuration goes')
        .argParser(readDirectory)
        .default(readDirectory(DEFAULT_OUTPUT), DEFAULT_OUTPUT),
    )
    .option('--state <directory>', 'where NFS and DHCP servers remember things', readDirectory, DEFAULT_STATE)
    .option('--user <name|uid:gid>', 'user that the bot runs as, and that boxes write as')
    .option(
      '--boxes <network>',
      'net of the boxes, such as 10.40.41.0/24 (default: the one of TESTBOX_NFS_SERVER)',
      readNetwork,
    )
    .option(
      '--interface <name>',
      "network interface of the boxes (default: the one with the server's address)",
      readInterface,
    )
    .option(
      '--gateway <address>',
      'router that DHCP tells boxes of (default: the server itself)',
      readAddress,
    )
    .option('--dns <address>', 'name server that DHCP tells boxes of (default: none)', readAddress)
    .option(
      '--ipv6-prefix <prefix>',
      'of that interface: iPXE (virtual machines) otherwise waits 16 s for an IPv6 router',
      readIpv6Prefix,
    )
    .option('--bot <address>', "the bot's host, where that is another machine than the server", readAddress)
    .addOption(
      new Option('--backup-export <how>', 'each box its own images, or all boxes all of them')
        .choices(['per-box', 'shared'] as const)
        .default('per-box'),
    )
    .addOption(
      new Option('--tftp <server>', 'who serves the TFTP area')
        .choices(['dnsmasq', 'tftpd-hpa'] as const)
        .default('dnsmasq'),
    )
    .option('--jobless', 'a lab without a bot: boxes remove their boot configs themselves')
    .addHelpText('after', HELP)
    .action(async (given: Given, command: Command) => {
      if (given.ipv6Prefix !== undefined && given.interface === undefined) {
        command.error('error: --ipv6-prefix goes with --interface only');
      }
      const { status, output, problems } = await initStorage(toOptions(given));
      process.stdout.write(output.map((line) => `${line}\n`).join(''));
      process.stderr.write(problems.map((line) => `testbox storage init: ${line}\n`).join(''));
      process.exitCode = status;
    });
}

function toOptions(given: Given): InitOptions {
  return {
    check: given.check === true,
    outputDirectory: given.output,
    stateDirectory: given.state,
    user: given.user ?? null,
    network: given.boxes ?? null,
    interfaceName: given.interface ?? null,
    router: given.gateway ?? null,
    nameServer: given.dns ?? null,
    botAddress: given.bot ?? null,
    ipv6Prefix: given.ipv6Prefix ?? null,
    backupExport: given.backupExport,
    tftpServer: given.tftp,
    isJobless: given.jobless === true,
  };
}
