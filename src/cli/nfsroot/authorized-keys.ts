import { readFile } from 'node:fs/promises';
import type { StorageConfig } from '../../config/storage-env.ts';
import { fileErrorCode } from '../../storage/file-error.ts';
import { messageOf, NfsrootProblem } from './problem.ts';
import { runTool } from './run-tool.ts';

const KEY_TYPE =
  /^(?:ssh-(?:rsa|ed25519)|ecdsa-sha2-nistp(?:256|384|521)|sk-(?:ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com)$/;

type KeyFiles = Pick<StorageConfig, 'sshKeyFile' | 'authorizedKeysFile'>;

/**
 * Who may log in to the maintenance system: the lines of its `authorized_keys`.
 *
 * @throws {NfsrootProblem} when a line is no key, or there is none at all
 */
export async function collectKeys({ sshKeyFile, authorizedKeysFile }: KeyFiles): Promise<string[]> {
  const named = authorizedKeysFile === null ? [] : await readKeys(authorizedKeysFile);
  const own = sshKeyFile === null ? [] : [await publicHalf(sshKeyFile)];
  const keys = [...new Map([...named, ...own].map((line) => [blobOf(line) ?? line, line])).values()];
  if (keys.length > 0) return keys;
  throw new NfsrootProblem(
    'nobody could log in to the maintenance system: set TESTBOX_AUTHORIZED_KEYS to a file with public keys, ' +
      "or TESTBOX_SSH_KEY to the bot's key",
  );
}

async function readKeys(file: string): Promise<string[]> {
  const text = await readKeyFile(file, 'TESTBOX_AUTHORIZED_KEYS');
  if (/PRIVATE KEY-----/.test(text)) {
    throw new NfsrootProblem(
      `${file} is a private key, and the root is readable to the whole net: TESTBOX_AUTHORIZED_KEYS is a file of public keys`,
    );
  }
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  return lines
    .filter(({ line }) => line !== '' && !line.startsWith('#'))
    .map(({ line, number }) => {
      if (blobOf(line) !== undefined) return line;
      throw new NfsrootProblem(
        `line ${number} of ${file} is no public key that OpenSSH takes: put a line such as "ssh-ed25519 AAAA… name" there, or a # before it`,
      );
    });
}

/** The file beside the private key, else what ssh-keygen gets out of the key. */
async function publicHalf(file: string): Promise<string> {
  try {
    const [line] = await readKeys(`${file}.pub`);
    if (line !== undefined) return line;
  } catch (error) {
    if (!(error instanceof MissingKeys)) throw error;
  }
  await readKeyFile(file, 'TESTBOX_SSH_KEY');
  try {
    return (await runTool('ssh-keygen', ['-y', '-P', '', '-f', file])).trim();
  } catch (error) {
    throw new NfsrootProblem(
      `the public half of ${file} can't be had (${messageOf(error)}): put it into ${file}.pub`,
    );
  }
}

class MissingKeys extends NfsrootProblem {}

async function readKeyFile(file: string, variable: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const message = `${file} of ${variable} can't be read (${fileErrorCode(error)}): make it, or change ${variable}`;
    throw fileErrorCode(error) === 'ENOENT' ? new MissingKeys(message) : new NfsrootProblem(message);
  }
}

/** The key itself, without options and name; undefined when the line holds none. */
function blobOf(line: string): string | undefined {
  const words = line.match(/(?:"(?:\\.|[^"\\])*"|[^\s"])+/g) ?? [];
  // Options are one word before the type.
  const [type, blob] = KEY_TYPE.test(words[0] ?? '') ? words : words.slice(1);
  if (type === undefined || blob === undefined || !KEY_TYPE.test(type)) return undefined;
  return fieldsOf(blob)?.[0] === type ? blob : undefined;
}

/** What the key is made of, each with its length before it; undefined when that doesn't add up. */
function fieldsOf(blob: string): string[] | undefined {
  const bytes = Buffer.from(blob, 'base64');
  if (bytes.toString('base64').replace(/=+$/, '') !== blob.replace(/=+$/, '')) return undefined;
  const fields: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) return undefined;
    const end = at + 4 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    fields.push(bytes.toString('latin1', at + 4, end));
    at = end;
  }
  return fields.length > 1 ? fields : undefined;
}
