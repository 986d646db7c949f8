import type { HostUsage, UsageHost } from '../../core/usage/host-usage.ts';
import { utcDay } from '../../core/utc-day.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { UsageOf } from '../../ports/usage-of.ts';
import { openRepositoryFolder } from '../open-repository-folder.ts';
import type { ServiceLog } from '../service-log.ts';
import { currentPrices } from './current-prices.ts';
import { UsageLog } from './usage-log.ts';
import { UsageReader } from './usage-reader.ts';
import { UsageSums } from './usage-sums.ts';

export interface OpenUsageOptions {
  readonly models: string;
  readonly host: UsageHost;
  readonly gigabytesOf: (model: string, version: string) => number;
  readonly log: ServiceLog;
  readonly now: () => Date;
}

/** What a host counts, and what it knows of others. */
export interface KeptUsage {
  add(call: AnsweredCall): void;
  readonly of: UsageOf;
  /** What all hosts have counted on the days from one to another; this one up to now. Rejects with ServiceError 503. */
  read(from: string, to: string): Promise<readonly HostUsage[]>;
  /** Reads what others have counted this month. Never rejects. */
  refresh(): Promise<void>;
  flush(): Promise<void>;
  end(): Promise<void>;
}

/** Begins to count what callers use of the models of a repository. */
export function openUsage({ models, host, gigabytesOf, log, now }: OpenUsageOptions): KeptUsage {
  const store = openRepositoryFolder(models, '.usage');
  const own = new UsageLog({ store, host, gigabytesOf, log, now });
  // Each keeps what it has read: one of any days, one of this month.
  const [asked, month] = [new UsageReader(store), new UsageReader(store)];
  const sums = new UsageSums(host, now);
  let isFailing = false;
  return {
    add: (call) => {
      const counted = own.add(call);
      if (counted) sums.count(call.caller ?? '', counted);
    },
    of: sums.usageOf,
    read: async (from, to) => {
      const mine = own.days.filter(({ day }) => day >= from && day <= to);
      const known = new Set(mine.map(({ day }) => day));
      const written = await asked.read(from, to);
      return [...written.filter(({ host: { id }, day }) => id !== host.id || !known.has(day)), ...mine];
    },
    refresh: async () => {
      const today = utcDay(now());
      try {
        sums.take(await month.read(`${today.slice(0, 8)}01`, today), await currentPrices(store));
        isFailing = false;
      } catch (error) {
        if (!isFailing) log.warn({ err: error }, 'what others have counted of usage cannot be read; it is as it was');
        isFailing = true;
      }
    },
    flush: () => own.flush(),
    end: () => own.end(),
  };
}
