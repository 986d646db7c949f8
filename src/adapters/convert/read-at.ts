/** Some bytes of a file. */
export type ReadAt = (position: number, length: number) => Promise<Buffer>;
