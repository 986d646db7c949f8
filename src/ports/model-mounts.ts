/**
 * Models that are taken in by name while the server runs, each from a folder of its own, beside those of the
 * repository.
 */
export interface ModelMounts {
  /** Whether there is a repository beside them. */
  readonly hasRepository: boolean;
  /** Name → folder, as it was given. */
  readonly folders: ReadonlyMap<string, string>;
  /**
   * Takes in the one model in `folder`, under `name`. Resolves to the bytes that it takes. Rejects with ServiceError
   * 400 where there is none.
   */
  mount(name: string, folder: string): Promise<number>;
  unmount(name: string): void;
}
