import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { promisify } from 'node:util';

/** The user that the bot runs as, and that every write of a box is done as. */
export interface BotUser {
  /** `testbox`, or `1001:1001` where nobody named it. */
  name: string;
  uid: number;
  gid: number;
}

export type FoundUser = { kind: 'user'; user: BotUser } | { kind: 'problem'; problem: string };

const DEFAULT_NAME = 'testbox';
const CREATE_DEFAULT = `adduser --system --group --home /var/lib/${DEFAULT_NAME} ${DEFAULT_NAME}`;
const HIGHEST_ID = 2 ** 32 - 2;
const ROOT = 'every box could write as root then: name the ordinary user that the bot runs as';

/**
 * Who the bot is: the one that was named, else who the backup area belongs to already, else the
 * user `testbox`. Somebody who isn't root lays out an area of their own.
 *
 * @param named a user name or `UID:GID`; null when nobody was named
 */
export async function findBotUser(named: string | null, backupRoot: string): Promise<FoundUser> {
  if (named !== null) return ordinary(await namedUser(named));
  // What keeps it from being read is said when the directory is made.
  const owner = await stat(backupRoot).catch(() => undefined);
  if (owner !== undefined && owner.uid !== 0) return ordinary(await ofIds(owner.uid, owner.gid));
  const self = userInfo();
  if (self.uid !== 0) return { kind: 'user', user: { name: self.username, uid: self.uid, gid: self.gid } };
  const found = await lookUp(DEFAULT_NAME);
  if (found !== undefined) return ordinary({ kind: 'user', user: found });
  return {
    kind: 'problem',
    problem: `there is no user ${DEFAULT_NAME} for the bot to run as: create it with \`${CREATE_DEFAULT}\`, or name another one with --user`,
  };
}

async function namedUser(named: string): Promise<FoundUser> {
  const [, uid, gid] = /^([0-9]+):([0-9]+)$/.exec(named) ?? [];
  if (uid !== undefined && gid !== undefined) {
    if (Number(uid) <= HIGHEST_ID && Number(gid) <= HIGHEST_ID) return ofIds(Number(uid), Number(gid));
    return { kind: 'problem', problem: `--user ${named}: there are no ids above ${HIGHEST_ID}` };
  }
  const found = await lookUp(named);
  if (found !== undefined) return { kind: 'user', user: found };
  const how = named === DEFAULT_NAME ? `: create it with \`${CREATE_DEFAULT}\`` : '';
  return { kind: 'problem', problem: `--user ${named}: there is no user of that name${how}` };
}

async function ofIds(uid: number, gid: number): Promise<FoundUser> {
  const known = await lookUp(String(uid));
  return { kind: 'user', user: { name: known?.gid === gid ? known.name : `${uid}:${gid}`, uid, gid } };
}

function ordinary(found: FoundUser): FoundUser {
  if (found.kind === 'problem' || found.user.uid !== 0) return found;
  return { kind: 'problem', problem: `--user ${found.user.name} is root: ${ROOT}` };
}

/** By name or number, wherever this machine keeps its users. */
async function lookUp(key: string): Promise<BotUser | undefined> {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.@-]*\$?$/.test(key)) return undefined;
  try {
    const { stdout } = await promisify(execFile)('getent', ['passwd', key]);
    const [name, , uid, gid] = stdout.split('\n', 1)[0]?.split(':') ?? [];
    if (name === undefined || uid === undefined || gid === undefined) return undefined;
    return { name, uid: Number(uid), gid: Number(gid) };
  } catch {
    return undefined; // getent exits 2 for somebody it doesn't know
  }
}
