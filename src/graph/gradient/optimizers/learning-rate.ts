/** How large steps are in the course of a training. */
export interface Schedule {
  /** The largest rate. */
  readonly rate: number;
  /** Over so many steps it grows to `rate`. @default 0 */
  readonly warmUpSteps?: number;
  /** How it goes on from there. @default it stays */
  readonly decay?:
    | { readonly kind: 'step'; readonly everySteps: number; readonly factor: number }
    | { readonly kind: 'cosine'; readonly steps: number; readonly leastRate?: number };
}

/**
 * The learning rate of a step, counted from 0.
 *
 * Warm-up: rate · (step + 1) / warmUpSteps. Source: Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2.
 * Step: rate · factor^⌊t / everySteps⌋. Source: He et al., "Deep Residual Learning", 2016, section 3.4;
 * torch.optim.lr_scheduler.StepLR. Cosine: least + (rate − least) (1 + cos(πt / steps)) / 2. Source: Loshchilov and
 * Hutter, "SGDR", 2017, equation 5. t counts from the end of the warm-up.
 */
export function learningRate({ rate, warmUpSteps = 0, decay }: Schedule, step: number): number {
  if (step < warmUpSteps) return (rate * (step + 1)) / warmUpSteps;
  const since = step - warmUpSteps;
  if (decay?.kind === 'step') return rate * decay.factor ** Math.floor(since / decay.everySteps);
  if (decay?.kind !== 'cosine') return rate;
  const { steps, leastRate = 0 } = decay;
  return leastRate + ((rate - leastRate) * (1 + Math.cos((Math.PI * Math.min(since, steps)) / steps))) / 2;
}
