import { ACTIONS, type Action } from '../contract/action.ts';
import type { Role } from './access.ts';

/** What may follow a command's word. */
type Takes = 'box' | 'box or nothing' | 'nothing' | 'word or nothing';

/** What may be said with a command as `name:value`. */
export type OptionWord = 'disks' | 'as-of' | 'from' | 'fit' | 'reason';

export interface CommandEntry {
  word: string;
  takes: Takes;
  /** The options it understands. */
  options: readonly OptionWord[];
  /** The role it needs; null is anybody. */
  needs: Role | null;
  /** One line, as help shows it. */
  summary: string;
}

/** Every word of `/testbox`, in the order help shows them. The manifests are made from it too. */
export const COMMANDS = [
  {
    word: 'backup',
    takes: 'box',
    options: ['disks', 'reason'],
    needs: 'operator',
    summary: 'take the first image of a box',
  },
  {
    word: 'backup-again',
    takes: 'box',
    options: ['disks', 'reason'],
    needs: 'operator',
    summary: 'take a new image, keep the one before',
  },
  {
    word: 'restore',
    takes: 'box',
    options: ['disks', 'as-of', 'from', 'fit', 'reason'],
    needs: 'operator',
    summary: "write a box's image back to its disks",
  },
  {
    word: 'refresh-info',
    takes: 'box',
    options: ['reason'],
    needs: 'operator',
    summary: 'look at the hardware, touch no disk',
  },
  {
    word: 'rescue',
    takes: 'box',
    options: ['reason'],
    needs: 'operator',
    summary: 'boot into the maintenance system, to log in',
  },
  {
    word: 'release',
    takes: 'box',
    options: [],
    needs: 'operator',
    summary: 'end a rescue, boot the local disk',
  },
  {
    word: 'status',
    takes: 'box or nothing',
    options: [],
    needs: 'viewer',
    summary: 'what a box, or every busy box, is doing',
  },
  { word: 'list', takes: 'nothing', options: [], needs: 'viewer', summary: 'all boxes with state and image' },
  {
    word: 'info',
    takes: 'box',
    options: [],
    needs: 'viewer',
    summary: "a box's address, hardware and disks",
  },
  { word: 'history', takes: 'box', options: [], needs: 'viewer', summary: "a box's last jobs" },
  { word: 'images', takes: 'box', options: [], needs: 'viewer', summary: "a box's images on the share" },
  {
    word: 'verify',
    takes: 'box',
    options: [],
    needs: 'operator',
    summary: "read a box's images through, find damage",
  },
  { word: 'cancel', takes: 'box', options: [], needs: 'operator', summary: "cancel a box's job" },
  { word: 'retry', takes: 'box', options: [], needs: 'operator', summary: 'try a stopped job again' },
  {
    word: 'lock',
    takes: 'box',
    options: ['reason'],
    needs: 'operator',
    summary: "refuse others' jobs on a box",
  },
  { word: 'unlock', takes: 'box', options: [], needs: 'operator', summary: 'allow jobs on a box again' },
  {
    word: 'whoami',
    takes: 'nothing',
    options: [],
    needs: null,
    summary: 'your ids and roles, as the bot sees them',
  },
  {
    word: 'help',
    takes: 'word or nothing',
    options: [],
    needs: null,
    summary: 'this list, or one word explained',
  },
] as const satisfies readonly CommandEntry[];

export type CommandWord = (typeof COMMANDS)[number]['word'];

/** The words whose command is about one box and starts no job. */
export type BoxWord = Exclude<CommandWord, Action | 'list' | 'whoami' | 'help' | 'status'>;

export function commandEntry(word: string): (CommandEntry & { word: CommandWord }) | undefined {
  return COMMANDS.find((entry) => entry.word === word);
}

export function isActionWord(word: string): word is Action {
  return ACTIONS.some((action) => action === word);
}
