import { defaultActions, type Policy } from '../src/adapters/api-keys/key-entry.ts';

/** The columns of `policyCells`. */
export const policyColumns = ['MODELS', 'ACTIONS', 'LIMITS', 'EXPIRES'] as const;

/** What a policy says, for a table; without one, whoever it is may do all that a key may. */
export function policyCells(policy: Omit<Policy, 'name'>): readonly string[] {
  const { models, actions = defaultActions, rate, quota, dailyCost, expires = 'never' } = policy;
  const burst = rate?.burst === undefined ? '' : `:${rate.burst}`;
  const limits = [
    ...(rate ? [`${rate.perSecond}${burst}/s`] : []),
    ...(quota ? [`${quota.requests}/${quota.per}`] : []),
    ...(dailyCost === undefined ? [] : [`${dailyCost} USD/day`]),
  ];
  return [
    models?.join(', ') ?? 'all',
    actions.join(', '),
    limits.join(', ') || 'none',
    Date.parse(expires) <= Date.now() ? `${expires}, over` : expires,
  ];
}
