/** What the first line of a chain has for the hash of the one before. */
export const chainStart = '0'.repeat(64);
