/** How an answer is explained. Those behind the line go by the model's gradients, the others ask it anew. */
export const methods = [
  'kernel-shap',
  'shapley',
  'lime',
  'occlusion',
  // By gradients.
  'integrated-gradients',
  'gradient-x-input',
  'grad-cam',
] as const;

export type Method = (typeof methods)[number];
