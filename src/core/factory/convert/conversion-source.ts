import type { ConversionFamily } from './conversion-family.ts';

/** What a source was recognised as. */
export interface ConversionSource {
  readonly family: ConversionFamily;
  /** For people: `XGBoost's model in UBJSON`. */
  readonly words: string;
  /** Reading it runs what it says: it is a pickle. */
  readonly runsCode: boolean;
}
