import { activationRules } from './activation-rules.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import type { GradientRules } from './gradient-rule.ts';
import { matrixRules } from './matrix-rules.ts';
import { reductionRules } from './reduction-rules.ts';
import { shapeRules } from './shape-rules.ts';

/** The rules of all operators that gradients go back through. */
export const gradientRules: GradientRules = {
  ...elementwiseRules,
  ...activationRules,
  ...matrixRules,
  ...reductionRules,
  ...shapeRules,
};
