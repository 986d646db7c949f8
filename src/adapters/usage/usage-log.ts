import { SharedWork } from '../../core/shared-work.ts';
import { type CountedCall, countCall } from '../../core/usage/count-call.ts';
import type { HostUsage, UsageHost } from '../../core/usage/host-usage.ts';
import type { UsageRow } from '../../core/usage/usage-row.ts';
import { UsageTable } from '../../core/usage/usage-table.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { RewritableStore } from '../../ports/object-store.ts';
import type { ServiceLog } from '../service-log.ts';

export interface UsageLogOptions {
  readonly store: Pick<RewritableStore, 'replace'>;
  readonly host: UsageHost;
  /** Memory that a call of a model has to itself. */
  readonly gigabytesOf: (model: string, version: string) => number;
  readonly log: ServiceLog;
  readonly now: () => Date;
}

interface Day {
  readonly from: string;
  readonly table: UsageTable;
  isWritten: boolean;
}

/** Counts the calls of this host by days of UTC, and writes them into an object of its own for each day. */
export class UsageLog {
  readonly #options: UsageLogOptions;
  readonly #days = new Map<string, Day>();
  #today: readonly [string, Day] | undefined;
  readonly #writing = new SharedWork(() => this.#write());
  #isFailing = false;

  constructor(options: UsageLogOptions) {
    this.#options = options;
  }

  /** Counts a call, on the day on which it was answered. What comes back is what it adds to what costs. */
  add(call: AnsweredCall): CountedCall | undefined {
    const { served } = call;
    const day = this.#day();
    const counted = countCall(day.table, call, served ? this.#options.gigabytesOf(served.model, served.version) : 0);
    if (counted) day.isWritten = false;
    return counted;
  }

  /** What was counted on the days that are not over, or not written yet. */
  get days(): readonly HostUsage[] {
    return [...this.#days].map(([day, { from, table }]) => this.#usage(day, from, table.rows));
  }

  /**
   * Writes what was counted. Never rejects: what cannot be written waits for the next time, and the log says so once.
   */
  flush(): Promise<void> {
    return this.#writing.run();
  }

  /** Writes what was counted up to now. Never rejects. */
  async end(): Promise<void> {
    await this.#writing.underWay;
    await this.flush();
  }

  async #write(): Promise<void> {
    try {
      for (const [name, day] of this.#days) {
        if (!day.isWritten) {
          day.isWritten = true;
          await this.#store(name, day);
        }
        if (day !== this.#today?.[1] && day.isWritten) this.#days.delete(name);
      }
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing) this.#options.log.error({ err: error }, 'usage cannot be written; it is counted on');
      this.#isFailing = true;
    }
  }

  async #store(name: string, day: Day): Promise<void> {
    const usage = this.#usage(name, day.from, day.table.rows);
    try {
      const content = Buffer.from(`${JSON.stringify(usage)}\n`);
      await this.#options.store.replace(`${name}/${this.#options.host.id}.json`, content);
    } catch (error) {
      day.isWritten = false;
      throw error;
    }
  }

  #usage(day: string, from: string, rows: readonly UsageRow[]): HostUsage {
    const now = this.#options.now().toISOString();
    // Of a day that is over it is the end.
    const to = now.startsWith(day) ? now : `${day}T23:59:59.999Z`;
    return { host: this.#options.host, day, from, to, rows };
  }

  #day(): Day {
    const from = this.#options.now().toISOString();
    const name = from.slice(0, 10);
    if (this.#today?.[0] === name) return this.#today[1];
    const day = this.#days.get(name) ?? { from, table: new UsageTable(), isWritten: false };
    this.#days.set(name, day);
    this.#today = [name, day];
    return day;
  }
}
