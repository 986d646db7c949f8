/** A file of an object store, pinned to what it holds. */
export interface StoredFile {
  readonly key: string;
  readonly bytes: number;
  /** Changes with the content. */
  readonly version: string;
}

/** What a file holds. */
export interface FileContent {
  readonly bytes: number;
  /** SHA-256, in hexadecimal. */
  readonly checksum: string;
}

/** A file as it stands once `create` returned. */
export interface CreatedFile extends FileContent {
  /** False where the key was there already: then what was there stays, and is what this tells of. */
  readonly isNew: boolean;
}

/** Files by key, with '/' between the parts of a key: a directory, or a bucket. */
export interface ObjectStore {
  /** Undefined where there is none. */
  find(key: string): Promise<StoredFile | undefined>;
  /**
   * The bytes from `start` to before `end`, in pieces. Rejects with ServiceError 409 where the file is another by now,
   * 503 where it cannot be read.
   */
  read(file: StoredFile, start?: number, end?: number): AsyncIterable<Uint8Array>;
  /** The files whose keys begin with `prefix`, by key, ascending. */
  list(prefix: string): Promise<readonly StoredFile[]>;
  /**
   * Stores a file whole or not at all, unless its key is there. `beforehand` is told of the content when all of it has
   * come, and the file is not there before it is done: what it stores is there whenever the file is. Rejects with what
   * either rejects with; then nothing was stored.
   */
  create(
    key: string,
    body: AsyncIterable<Uint8Array>,
    beforehand?: (content: FileContent) => Promise<void>,
  ): Promise<CreatedFile>;
  /** What a file holds, by reading all of it. Rejects as `read`. */
  measure(file: StoredFile): Promise<FileContent>;
  /** Deletes a file; one that is not there is no error. */
  remove(key: string): Promise<void>;
}

/** Files that may be written over. */
export interface RewritableStore extends ObjectStore {
  /**
   * Stores a small file whole or not at all, in place of the one that is there: who reads it meanwhile sees the one or
   * the other.
   */
  replace(key: string, content: Uint8Array): Promise<void>;
}

/** What reads files. */
export type FileReader = Pick<ObjectStore, 'read'>;
