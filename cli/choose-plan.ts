import { nearHint } from '../src/adapters/near-hint.ts';
import { UsageError } from './usage-error.ts';

/** The usage plan that a new key shall belong to: the one wanted, or the only one there is. */
export function choosePlan(wanted: string | undefined, plans: readonly string[], stage: string): string {
  const [only] = plans;
  if (wanted === undefined) {
    if (plans.length === 1 && only !== undefined) return only;
    throw new UsageError(
      `stage ${stage} has several plans: write ${plans.map((plan) => `--plan ${plan}`).join(' or ')}`,
    );
  }
  if (plans.includes(wanted)) return wanted;
  throw new Error(`no plan '${wanted}' in stage ${stage}; ${nearHint(wanted, plans)}`);
}
