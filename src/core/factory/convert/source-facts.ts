/** What is looked at of a file or folder to tell what it is. */
export type SourceFacts =
  | {
      readonly kind: 'file';
      /** The first bytes, one character each: up to a mebibyte. */
      readonly start: string;
      /** Of a ZIP archive, the paths in it. */
      readonly entries?: readonly string[];
    }
  | { readonly kind: 'folder'; readonly entries: readonly string[] };
