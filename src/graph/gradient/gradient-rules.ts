import { activationRules } from './activation-rules.ts';
import { convolutionRules } from './convolution-rules.ts';
import { elementwiseRules } from './elementwise-rules.ts';
import type { GradientRules } from './gradient-rule.ts';
import { indexRules } from './index-rules.ts';
import { matrixRules } from './matrix-rules.ts';
import { normalizationRules } from './normalization-rules.ts';
import { poolingRules } from './pooling-rules.ts';
import { reductionRules } from './reduction-rules.ts';
import { shapeRules } from './shape-rules.ts';

/** The rules of all operators that gradients go back through. */
export const gradientRules: GradientRules = {
  ...elementwiseRules,
  ...activationRules,
  ...matrixRules,
  ...reductionRules,
  ...shapeRules,
  ...indexRules,
  ...normalizationRules,
  ...convolutionRules,
  ...poolingRules,
};
