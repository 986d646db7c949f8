import { defaultCanaryRules } from '../../core/canary/default-canary-rules.ts';
import type { CanaryRules } from '../../ports/canary-rules.ts';

/** `canary` of a `model.json` as it is written. */
export interface CanaryFile extends Partial<Omit<CanaryRules, 'tolerated'>> {
  readonly tolerated?: Partial<CanaryRules['tolerated']>;
}

/** When a canary is taken back, by what a `model.json` says of it. */
export function fillCanary(file: CanaryFile | undefined): CanaryRules {
  return file
    ? { ...defaultCanaryRules, ...file, tolerated: { ...defaultCanaryRules.tolerated, ...file.tolerated } }
    : defaultCanaryRules;
}
