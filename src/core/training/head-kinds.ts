/** Small networks that learn from what a model gives. */
export const headKinds = ['linear', 'mlp'] as const;
