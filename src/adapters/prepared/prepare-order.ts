/** What a process that prepares for a server is told. */
export interface PrepareOrder {
  readonly models: string;
  readonly cacheFolder: string;
  readonly cacheBytes: number;
  readonly name: string;
  readonly version: number;
}
