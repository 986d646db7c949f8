/** What an infer request calls what a model's task takes. */
export const itemInputs = ['text', 'file', 'columns'] as const;

export type ItemInput = (typeof itemInputs)[number];
