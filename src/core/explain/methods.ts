/** Methods that ask the model anew. */
const askingMethods = ['kernel-shap', 'shapley', 'lime', 'occlusion'] as const;
/** Methods by gradients of the model's graph. */
export const gradientMethods = ['integrated-gradients', 'gradient-x-input', 'grad-cam'] as const;

/** How an answer is explained. */
export const methods = [...askingMethods, ...gradientMethods] as const;

export type AskingMethod = (typeof askingMethods)[number];
export type GradientMethod = (typeof gradientMethods)[number];
export type Method = AskingMethod | GradientMethod;
