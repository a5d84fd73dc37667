/** Which images a restore shall take, and how, as it was asked for. */
export interface ImageWish {
  /** Number of a generation; null is the current one. */
  asOf: number | null;
  /** Name or address of the box whose images they are; null is the box itself. */
  from: string | null;
  /** Make them fit a larger disk; left out when what lies behind them stays as it is. */
  fit?: true;
}

/** What is meant when nothing is said. */
export const NEWEST_OWN: ImageWish = { asOf: null, from: null };
