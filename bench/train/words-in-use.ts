/**
 * Different tokens that the texts of banking77 have, 10,003 to learn from and 3,080 to measure by, as the tokenizer of
 * all-MiniLM-L6-v2 takes them apart: `bankingTexts` of bench/factory.
 */
export const wordsInUse = 2639;
