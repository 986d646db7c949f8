import type { FileHandle } from 'node:fs/promises';

/** Opens a new file for reading and writing; tests put in one whose disk is full. */
export type OpenFile = (path: string) => Promise<FileHandle>;
