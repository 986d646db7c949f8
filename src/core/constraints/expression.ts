import type { ByteMachine } from './byte-machine.ts';

interface Common {
  /** Two expressions of the same texts, written the same way, are one and have one number. */
  readonly id: number;
  /** Bytes of the shortest text; 0: none need follow. Infinity only where nothing is right. */
  readonly shortest: number;
  /** It has no rule in it: what follows it does not depend on where it stands. */
  readonly isPlain: boolean;
  /** What may follow each byte, as far as it was asked for: the number of that expression, plus 1. */
  next: Uint32Array | undefined;
}

/** What may still come. */
export type Expression = Common &
  (
    | { readonly kind: 'nothing' }
    | { readonly kind: 'end' }
    | { readonly kind: 'byte'; readonly ranges: readonly (readonly [number, number])[] }
    | { readonly kind: 'literal'; readonly bytes: Uint8Array; readonly at: number }
    | { readonly kind: 'sequence'; readonly first: Expression; readonly rest: Expression }
    | { readonly kind: 'choice'; readonly among: readonly Expression[] }
    | { readonly kind: 'repeat'; readonly of: Expression; readonly least: number; readonly most: number }
    | { readonly kind: 'rule'; readonly name: string }
    | { readonly kind: 'machine'; readonly machine: ByteMachine; readonly state: number }
  );
