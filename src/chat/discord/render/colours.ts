const BLUE = 0x3498db;
const GREEN = 0x2ecc71;
const AMBER = 0xf1c40f;
const RED = 0xe74c3c;
const GREY = 0x95a5a6;

/** By the sign that a title begins with: at work, done, waits for somebody, wrong, over. */
const COLOURS: Readonly<Record<string, number>> = {
  '⏳': BLUE,
  '🕓': BLUE,
  '✅': GREEN,
  '📋': AMBER,
  '✋': AMBER,
  '❓': AMBER,
  '🔧': AMBER,
  '🛟': AMBER,
  '🛑': RED,
  '❌': RED,
  '🚫': GREY,
  '⌛': GREY,
};

/** The colour of a card's edge; null for a title without a sign. */
export function colourOf(title: string): number | null {
  const [sign = ''] = title;
  return COLOURS[sign] ?? null;
}
