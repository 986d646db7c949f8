/** Texts of one request that a model goes on with. */
export const mostTexts = 128;
