import type { CountedCall } from '../../core/usage/count-call.ts';
import { functionCost } from '../../core/usage/function-cost.ts';
import type { HostUsage, UsageHost } from '../../core/usage/host-usage.ts';
import { priceSnapshot } from '../../core/usage/price-snapshot.ts';
import type { Prices } from '../../core/usage/prices.ts';
import { utcDay } from '../../core/utc-day.ts';
import type { CallerUsage, UsageOf } from '../../ports/usage-of.ts';

type Used = { -readonly [Key in keyof CallerUsage]: CallerUsage[Key] };

/** What callers have used on all hosts: on others as it was last read, on this one up to the last call. */
export class UsageSums {
  readonly #host: UsageHost;
  readonly #now: () => Date;
  #prices: Prices = priceSnapshot;
  /** Of this host, today. */
  #own = new Map<string, Used>();
  /** Of others this month, and of this one before today. */
  #others = new Map<string, Used>();
  #day = '';

  constructor(host: UsageHost, now: () => Date) {
    this.#host = host;
    this.#now = now;
  }

  /** Counts a call of this host's. */
  count(caller: string, counted: CountedCall): void {
    this.#turn();
    add(this.#own, caller, counted.requests, functionCost(counted, this.#host.architecture, this.#prices));
  }

  /** Takes in what hosts have written of this month, and the prices that count. */
  take(usages: readonly HostUsage[], prices: Prices): void {
    this.#turn();
    this.#prices = prices;
    this.#others = new Map();
    for (const { host, day, rows } of usages) {
      if (host.id === this.#host.id && day === this.#day) continue;
      if (day.slice(0, 7) !== this.#day.slice(0, 7)) continue;
      for (const row of rows) {
        if (day === this.#day)
          add(this.#others, row.caller, row.requests, functionCost(row, host.architecture, prices));
        else usedBy(this.#others, row.caller).requestsThisMonth += row.requests;
      }
    }
  }

  /** As UsageOf. */
  readonly usageOf: UsageOf = (caller) => {
    this.#turn();
    const own = this.#own.get(caller) ?? nothing;
    const others = this.#others.get(caller) ?? nothing;
    return {
      requestsToday: own.requestsToday + others.requestsToday,
      requestsThisMonth: own.requestsThisMonth + others.requestsThisMonth,
      costToday: own.costToday + others.costToday,
    };
  };

  /** Once a day is over, what was used on it counts for the month alone; once a month is over, for nothing. */
  #turn(): void {
    const today = utcDay(this.#now());
    if (today === this.#day) return;
    const isSameMonth = today.slice(0, 7) === this.#day.slice(0, 7);
    const before = isSameMonth ? [...this.#own, ...this.#others] : [];
    this.#own = new Map();
    this.#others = new Map();
    for (const [caller, { requestsThisMonth }] of before)
      usedBy(this.#others, caller).requestsThisMonth += requestsThisMonth;
    this.#day = today;
  }
}

const nothing: CallerUsage = { requestsToday: 0, requestsThisMonth: 0, costToday: 0 };

function usedBy(all: Map<string, Used>, caller: string): Used {
  const used = all.get(caller) ?? { ...nothing };
  all.set(caller, used);
  return used;
}

function add(all: Map<string, Used>, caller: string, requests: number, cost: number): void {
  const used = usedBy(all, caller);
  used.requestsToday += requests;
  used.requestsThisMonth += requests;
  used.costToday += cost;
}
