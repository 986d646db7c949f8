import type { UsageOf } from '../../ports/usage-of.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { KeyEntry } from './key-entry.ts';
import { policyWords } from './policy-words.ts';

/**
 * Throws ServiceError 429 where a caller has had what its policy has for this day or month: what that was, and when it
 * begins anew.
 *
 * @param about what the error is to say of the call
 */
export function refuseOveruse(
  entry: KeyEntry,
  usageOf: UsageOf,
  nowMs: number,
  about: { readonly model?: string } = {},
): void {
  const { name, quota, dailyCost } = entry;
  if (quota === undefined && dailyCost === undefined) return;
  const used = usageOf(name);
  const overuse = (what: string, per: 'day' | 'month') => {
    const beginsAt = nextOf(per, new Date(nowMs));
    return new ServiceError(429, `${policyWords(entry)} ${what}; it begins anew at ${beginsAt.toISOString()}`, {
      retryAfterSeconds: Math.max(1, Math.ceil((beginsAt.getTime() - nowMs) / 1000)),
      code: 'insufficient_quota',
      caller: name,
      ...about,
    });
  };
  if (quota) {
    const count = quota.per === 'day' ? used.requestsToday : used.requestsThisMonth;
    if (count >= quota.requests)
      throw overuse(`has had ${count} inferences this ${quota.per}, of ${quota.requests}`, quota.per);
  }
  if (dailyCost !== undefined && used.costToday >= dailyCost)
    throw overuse(`has cost ${dollars(used.costToday)} USD today, of ${dollars(dailyCost)}`, 'day');
}

function nextOf(per: 'day' | 'month', now: Date): Date {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  return new Date(per === 'day' ? Date.UTC(year, month, day + 1) : Date.UTC(year, month + 1, 1));
}

/** As many digits as tell a small sum. */
function dollars(sum: number): string {
  return String(Number(sum.toPrecision(4)));
}
