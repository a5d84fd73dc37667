import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { onTestFinished } from 'vitest';
import { TestboxAddress } from '../../src/contract/address.ts';
import { createBox, type LabSettings } from '../../src/lab/create-box.ts';
import { newKeyPair } from '../../src/lab/new-key-pair.ts';
import { layOutShare } from '../../src/lab/share-areas.ts';
import { VirtualTestbox } from '../../src/lab/virtual-testbox.ts';

/** An agent that notes each start in `agent-starts` and ends with the status in `agent-status`. */
const STUB_AGENT = `
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
const machine = JSON.parse(readFileSync(process.argv[process.argv.indexOf('--machine') + 1], 'utf8'));
appendFileSync('agent-starts', JSON.stringify({ bootId: machine.bootId, commandLine: machine.commandLine }) + '\\n');
console.log('agent is up');
if (existsSync('agent-status')) process.exit(Number(readFileSync('agent-status', 'utf8')));
setInterval(() => {}, 1000);
`;

export const MIB = 1024 * 1024;

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'testbox-lab-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** One small box, switched off, that ends with the test. */
export async function smallBox(): Promise<{
  box: VirtualTestbox;
  lab: LabSettings;
  privateKey: string;
  lines: string[];
}> {
  const directory = await temporaryDirectory();
  const agentScript = join(directory, 'stub-agent.mjs');
  await writeFile(agentScript, STUB_AGENT);
  const keys = newKeyPair();
  const areas = { tftpRoot: join(directory, 'tftp'), backupRoot: join(directory, 'backup') };
  await layOutShare(areas);
  const lab: LabSettings = {
    ...areas,
    boxesDirectory: join(directory, 'boxes'),
    diskSizeBytes: 8 * MIB,
    authorizedKey: keys.public,
    agentScript,
    agent: { botUrl: null, allowJobless: false },
    selfTestMs: 0,
    rebootDelayMs: 0,
    agentRestartMs: 0,
  };
  const box = new VirtualTestbox(await createBox(PLUTO, lab));
  const lines: string[] = [];
  box.on('console', (line) => lines.push(line));
  onTestFinished(() => box.powerCut());
  return { box, lab, privateKey: keys.private, lines };
}

export const PLUTO = {
  name: 'pluto',
  address: TestboxAddress.parse('10.40.41.42'),
  uuid: '7e57b0c5-0000-4000-8000-000000000042',
  mac: '52:54:00:00:00:42',
  host: '127.0.0.1',
};

/** Runs a command over SSH. Rejects when the box doesn't let us in. */
export async function overSsh(
  to: { host: string; port: number; privateKey: string },
  command: string,
): Promise<{ output: string; status: number | null; hostKey: string }> {
  const client = new ssh2.Client();
  let hostKey = '';
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('ready', resolve).once('error', reject);
      client.connect({
        ...to,
        username: 'root',
        hostVerifier: (key: Buffer) => {
          hostKey = key.toString('base64');
          return true;
        },
      });
    });
    return { ...(await exec(client, command)), hostKey };
  } finally {
    client.end();
  }
}

function exec(client: ssh2.Client, command: string): Promise<{ output: string; status: number | null }> {
  return new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => {
      if (error !== undefined) return reject(error);
      let output = '';
      let status: number | null = null;
      channel.on('data', (part: Buffer) => {
        output += part.toString();
      });
      channel.on('exit', (code: number | null) => {
        status = code;
      });
      channel.on('close', () => resolve({ output, status }));
    });
  });
}
