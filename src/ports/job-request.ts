export type OptionValue = string | number | boolean | readonly (string | number)[];

/** A model that is to be made of another, as it was asked for. */
export interface JobRequest {
  /** The command that makes it, one of `jobKinds`. */
  readonly kind: string;
  /** What is made becomes a version of it. */
  readonly model: string;
  /**
   * A model of the repository, such as fraud or fraud@3; or files, by their names beside one another; absent where it
   * is made of data alone.
   */
  readonly source?: string | { readonly files: Readonly<Record<string, string>> };
  /** The command's, by their names in camelCase; those that are files name them. */
  readonly options: Readonly<Record<string, OptionValue>>;
}
