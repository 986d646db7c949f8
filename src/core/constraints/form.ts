import type { ByteMachine } from './byte-machine.ts';

/** What a piece of text may be, in bytes of UTF-8. */
export type Form =
  /** One byte of these ranges, both ends in them. */
  | { readonly kind: 'byte'; readonly ranges: readonly (readonly [number, number])[] }
  | { readonly kind: 'literal'; readonly bytes: Uint8Array }
  | { readonly kind: 'sequence'; readonly parts: readonly Form[] }
  /** One of these; of none: no text at all is right. */
  | { readonly kind: 'choice'; readonly among: readonly Form[] }
  /** `most` may be Infinity. */
  | { readonly kind: 'repeat'; readonly of: Form; readonly least: number; readonly most: number }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'machine'; readonly machine: ByteMachine; readonly state: number };
