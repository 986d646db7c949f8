/** A model file in a repository that holds it alone. */
export interface StoredModel {
  readonly name: string;
  readonly repository: string;
  /** The model's file. */
  readonly path: string;
  readonly bytes: number;
}
