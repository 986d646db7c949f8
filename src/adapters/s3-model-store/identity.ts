export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Who asks S3, and where. */
export interface Identity {
  readonly region: string;
  /** The credentials that hold now. */
  credentials(): Promise<Credentials>;
}
