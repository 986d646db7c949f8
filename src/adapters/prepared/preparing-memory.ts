/**
 * Bytes of memory that preparing may take for each byte of a model's files: the weights as read, as optimized and as
 * laid out, of both forms that are compared.
 */
export const preparingMemory = 5;
