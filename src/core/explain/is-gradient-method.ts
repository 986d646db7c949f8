import { type GradientMethod, gradientMethods, type Method } from './methods.ts';

/** Whether a method goes by gradients, in place of asking the model anew. */
export function isGradientMethod(method: Method): method is GradientMethod {
  return gradientMethods.some((each) => each === method);
}
