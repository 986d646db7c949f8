/** Where nobody gave what stands for columns or elements, and nothing is known of them: what would say more. */
export const zerosNote =
  "zeros stand for what is left out, as the version has no samples.jsonl of such rows; they may be far from any: give a usual row as 'baseline'";
