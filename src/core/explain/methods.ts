/** How an answer is explained: by asking the model anew, or by its gradients. */
export const methods = [
  'kernel-shap',
  'shapley',
  'lime',
  'occlusion',
  // By gradients, from here on.
  'integrated-gradients',
  'gradient-x-input',
  'grad-cam',
] as const;

export type Method = (typeof methods)[number];
