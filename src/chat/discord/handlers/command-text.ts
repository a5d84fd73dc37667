import type { ChatInputCommandInteraction } from 'discord.js';
import { asOfWord, disksWord, fitWord, fromWord, reasonWord } from '../../command-words.ts';
import { OPTIONS } from '../commands.ts';

/** What somebody would have typed behind `/testbox` elsewhere. */
export function commandText({ options }: Pick<ChatInputCommandInteraction, 'options'>): string {
  const typed = (option: string) => options.getString(option)?.trim() ?? '';
  return [
    options.getSubcommand(false) ?? '',
    typed(OPTIONS.word),
    typed(OPTIONS.box),
    disksWord(typed(OPTIONS.disks)),
    asOfWord(typed(OPTIONS.asOf)),
    fromWord(typed(OPTIONS.from)),
    fitWord(typed(OPTIONS.fit)),
    reasonWord(typed(OPTIONS.reason)),
  ]
    .filter((word) => word !== '')
    .join(' ');
}
