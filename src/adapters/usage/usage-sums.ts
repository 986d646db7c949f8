import { functionCost } from '../../core/usage/function-cost.ts';
import type { HostUsage } from '../../core/usage/host-usage.ts';
import { priceSnapshot } from '../../core/usage/price-snapshot.ts';
import type { Prices } from '../../core/usage/prices.ts';
import type { CallerUsage, UsageOf } from '../../ports/usage-of.ts';

const nothing: CallerUsage = { requestsToday: 0, requestsThisMonth: 0, costToday: 0 };

/** What callers have used on all hosts: of others as they were last read, of this one as it is counted. */
export class UsageSums {
  readonly #own: () => readonly HostUsage[];
  readonly #ownId: string;
  #prices: Prices = priceSnapshot;
  readonly #now: () => Date;
  #others = new Map<string, CallerUsage>();
  #summed = '';
  #mine = new Map<string, CallerUsage>();
  #mineAtMs = Number.NEGATIVE_INFINITY;

  constructor(own: { readonly id: string; days(): readonly HostUsage[] }, now: () => Date) {
    this.#ownId = own.id;
    this.#own = () => own.days();
    this.#now = now;
  }

  /** Takes in what hosts have written, of this month, and what it costs. */
  take(usages: readonly HostUsage[], prices: Prices): void {
    this.#prices = prices;
    this.#summed = this.#today();
    const today = new Set(this.#own().map(({ day }) => day));
    // What this host has written of days that it has let go of counts as that of others does.
    const others = usages.filter(({ host, day }) => host.id !== this.#ownId || !today.has(day));
    this.#others = this.#sum(others);
  }

  /** As UsageOf. What this host counts is summed at most ten times a second. */
  readonly usageOf: UsageOf = (caller) => {
    const nowMs = performance.now();
    if (nowMs - this.#mineAtMs >= 100) {
      this.#mine = this.#sum(this.#own());
      this.#mineAtMs = nowMs;
    }
    const mine = this.#mine.get(caller) ?? nothing;
    const others = this.#others.get(caller) ?? nothing;
    const isToday = this.#summed === this.#today();
    return {
      requestsToday: mine.requestsToday + (isToday ? others.requestsToday : 0),
      requestsThisMonth:
        mine.requestsThisMonth +
        (this.#summed.slice(0, 7) === this.#today().slice(0, 7) ? others.requestsThisMonth : 0),
      costToday: mine.costToday + (isToday ? others.costToday : 0),
    };
  };

  #sum(usages: readonly HostUsage[]): Map<string, CallerUsage> {
    const today = this.#today();
    const sums = new Map<string, CallerUsage>();
    for (const { day, host, rows } of usages) {
      if (day.slice(0, 7) !== today.slice(0, 7)) continue;
      for (const row of rows) {
        const before = sums.get(row.caller) ?? nothing;
        const isToday = day === today;
        sums.set(row.caller, {
          requestsToday: before.requestsToday + (isToday ? row.requests : 0),
          requestsThisMonth: before.requestsThisMonth + row.requests,
          costToday: before.costToday + (isToday ? functionCost(row, host.architecture, this.#prices) : 0),
        });
      }
    }
    return sums;
  }

  #today(): string {
    return this.#now().toISOString().slice(0, 10);
  }
}
