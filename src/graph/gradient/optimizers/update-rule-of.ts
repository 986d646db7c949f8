import { adam } from './adam.ts';
import { gradientDescent } from './gradient-descent.ts';
import type { Optimizer } from './optimizer.ts';
import type { UpdateRule } from './update-rule.ts';

/** The optimizer that was asked for. */
export function updateRuleOf(optimizer: Optimizer): UpdateRule {
  switch (optimizer.kind) {
    case 'sgd':
      return gradientDescent(optimizer);
    case 'adam':
      return adam(optimizer);
    case 'adamw':
      return adam({ weightDecay: 0.01, ...optimizer });
  }
}
