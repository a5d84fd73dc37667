import { fileErrorCode } from '../../storage/file-error.ts';

const SENTENCES: Readonly<Record<string, string>> = {
  ENOSPC: 'there is no space left: make room and run this again',
  EDQUOT: 'the quota is used up: make room and run this again',
  EACCES: "this user can't write there: run it as root, or choose a directory of your own",
  EPERM: 'only root may do that: run it as root',
  EROFS: 'the file system is mounted read-only: mount it read-write and run this again',
  EEXIST: 'a link that leads nowhere is in its place: move it away and run this again',
  ENOTDIR: 'a part of its path is no directory: move that away and run this again',
  EISDIR: 'a directory is in its place: move it away and run this again',
};

/** Why a file couldn't be put, and what to do about it. */
export function sentenceOf(error: unknown): string {
  const code = fileErrorCode(error);
  return SENTENCES[code] ?? `it can't be read or written (${code})`;
}
