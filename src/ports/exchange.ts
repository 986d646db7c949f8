/** A URL by which whoever has it may do one thing, for a while. */
export interface SignedUrl {
  readonly url: string;
  readonly expiresAt: Date;
}

/** A place for a caller to upload to. */
export interface UploadPlace extends SignedUrl {
  /** What requests call the upload by. */
  readonly reference: string;
  /** Headers that must come with the PUT to the URL. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a caller has uploaded. */
export interface Upload {
  readonly bytes: number;
  /**
   * All of it, at a multiple of 8 bytes in memory. Rejects with 400 where it was replaced meanwhile, 503 where it
   * cannot be read.
   */
  read(signal: AbortSignal): Promise<Uint8Array>;
}

/** Passes on what is too large for a request or an answer. */
export interface Exchange {
  /** Makes a place for an upload; with `bytes`, of that length alone. */
  createUpload(bytes: number | undefined): Promise<UploadPlace>;
  /**
   * The upload that a caller refers to; undefined where there is none, or the reference is not one of ours. Rejects
   * with 503 where it cannot be asked.
   */
  findUpload(reference: string, signal: AbortSignal): Promise<Upload | undefined>;
  /** Stores a result, and makes a URL to get it by. Rejects with 503. */
  putResult(content: Uint8Array, signal: AbortSignal): Promise<SignedUrl>;
}

/** The exchange that a host has. */
export interface ExchangeAccess {
  /** Bytes that the uploads of one request may have together. */
  readonly maxUploadBytes: number;
  /** Opens it, at the first call; nothing of it is loaded before. */
  open(): Promise<Exchange>;
}
