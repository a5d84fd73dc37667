import type { ActionsBlock, HomeView, KnownBlock } from '@slack/types';
import { formatTime } from '../../format.ts';
import type { HomePage, HomeSection } from '../../platform.ts';
import { OPEN_FORM, REFRESH_HOME } from './ids.ts';
import { LIMITS, LINE_LENGTH } from './limits.ts';
import type { CardLinks } from './links.ts';
import { context, header, plainText } from './objects.ts';
import { type Packing, packLines } from './pack.ts';
import { clip, escapeOneLine } from './text.ts';

const ENTRIES_EACH = 10;
const SECTIONS = 40;
/** The dot stays on the entry's line when the link goes to the next one. */
const LINK_MARK = '\u00a0· ';
/** All entries of the page, as JSON; Slack takes views of 250 kB. */
const PAGE_SIZE = 60_000;

/** A person's page in the app's Home tab. */
export function homeView(page: HomePage, links: CardLinks): HomeView {
  const shown = page.sections.slice(0, SECTIONS);
  const left = page.sections.length - shown.length;
  const share = Math.max(1, shown.length);
  const room = {
    sections: Math.floor((LIMITS.viewBlocks - AROUND) / share) - 1,
    size: Math.floor(PAGE_SIZE / share),
  };
  const blocks: KnownBlock[] = [
    actions(),
    ...shown.flatMap((section) => [header(section.title), ...entries(section, { links, room })]),
    ...(left === 0 ? [] : [context(`… and ${left} more sections`)]),
    context(`As of ${localTime(page.at)}.`),
  ];
  return { type: 'home', blocks };
}

/** Blocks that are always there: the buttons, what was left out, the time. */
const AROUND = 3;

function actions(): ActionsBlock {
  return {
    type: 'actions',
    elements: [
      {
        type: 'button',
        action_id: OPEN_FORM,
        text: plainText('New job', LIMITS.buttonLabel),
        style: 'primary',
      },
      { type: 'button', action_id: REFRESH_HOME, text: plainText('Refresh', LIMITS.buttonLabel) },
    ],
  };
}

function entries(
  { entries, empty }: HomeSection,
  { links, room }: { links: CardLinks; room: Pick<Packing, 'sections' | 'size'> },
): KnownBlock[] {
  if (entries.length === 0) return [context(clip(escapeOneLine(empty), LINE_LENGTH))];
  const lines = entries.map(({ text, card }) => {
    const line = clip(escapeOneLine(text), LINE_LENGTH);
    return card === null ? line : `${line}${LINK_MARK}${links(card)}`;
  });
  return packLines(lines, { ...room, linesEach: ENTRIES_EACH, others: 'more' });
}

/** In the reader's own time zone; clients that can't show it show UTC. */
function localTime(at: number): string {
  return `<!date^${Math.floor(at / 1000)}^{date_short_pretty} at {time}|${formatTime(at)}>`;
}
