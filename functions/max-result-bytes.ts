/** Bytes of a result: Lambda takes 6 MiB from a function, as JSON; some room is left for headers and escapes. */
export const maxResultBytes: number = 6 * 1024 * 1024 - 64 * 1024;
