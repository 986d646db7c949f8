/** How parameters are changed by gradients. */
export type Optimizer = GradientDescent | Adam | AdamW;

export interface GradientDescent {
  readonly kind: 'sgd';
  /** The share of the last step that goes on, from 0 to 1. @default 0 */
  readonly momentum?: number;
  /** Looks ahead along the momentum. @default false */
  readonly nesterov?: boolean;
}

interface Moments {
  /** How much of the mean of the gradients stays at each step. @default 0.9 */
  readonly beta1?: number;
  /** How much of the mean of their squares stays. @default 0.999 */
  readonly beta2?: number;
  /** @default 1e-8 */
  readonly epsilon?: number;
}

export interface Adam extends Moments {
  readonly kind: 'adam';
}

export interface AdamW extends Moments {
  readonly kind: 'adamw';
  /** The share of a weight that goes at each step, as part of the learning rate. @default 0.01 */
  readonly weightDecay?: number;
}
