/**
 * A row of `tensorgate models`: a version, a model none of whose versions is served, or what lies where no version can
 * be.
 */
export interface ListedModel {
  readonly name: string;
  readonly version?: string;
  /** What a server says in its repository index; of a repository alone `WHOLE`, or `UNAVAILABLE` with the reason. */
  readonly state: string;
  readonly reason: string;
  /** Aliases of the version, which a server does not tell. */
  readonly aliases?: readonly string[];
}
