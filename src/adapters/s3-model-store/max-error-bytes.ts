/** As much of the body of an answer that refuses is read. */
export const maxErrorBytes = 64 * 1024;
