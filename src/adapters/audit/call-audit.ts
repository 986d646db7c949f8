import { isDenied } from '../../core/is-denied.ts';
import type { AnsweredCall } from '../../ports/answered-call.ts';
import type { ServiceLog } from '../service-log.ts';
import type { AuditLevel } from './audit-level.ts';
import type { BodySamples } from './body-samples.ts';
import type { CallChain } from './call-chain.ts';
import { callRecord, digestOf } from './call-record.ts';

export interface CallAuditOptions {
  readonly level: Exclude<AuditLevel, 'off'>;
  /** Keeps inputs of some calls. @default none are kept */
  readonly bodies?: BodySamples | undefined;
  readonly log: ServiceLog;
}

/** What reads alone, and runs nothing. */
const reading = /^(GET|HEAD|OPTIONS|Server.*|Model(Ready|Metadata|Config|Statistics)|RepositoryIndex)$/;

/** Makes lines of a chain of the calls that a host answered: of those that were denied, or of all that run or change something. */
export class CallAudit {
  readonly #chain: CallChain;
  readonly #options: CallAuditOptions;
  #isFailing = false;

  constructor(chain: CallChain, options: CallAuditOptions) {
    this.#chain = chain;
    this.#options = options;
  }

  /** Lines that wait to be written. */
  get waiting(): number {
    return this.#chain.waiting;
  }

  add(call: AnsweredCall): void {
    const { level, bodies } = this.#options;
    if (isDenied(call.error)) this.#chain.add(callRecord(call, undefined));
    else if (level === 'all' && !reading.test(call.method))
      this.#chain.add({ ...callRecord(call, digestOf(call.body)), ...bodies?.keep(call) });
  }

  /** Writes what waits. Never rejects: what cannot be written is tried again the next time, and the log says so once. */
  async flush(): Promise<void> {
    try {
      await Promise.all([this.#chain.flush(), this.#options.bodies?.flush()]);
      this.#isFailing = false;
    } catch (error) {
      if (!this.#isFailing)
        this.#options.log.error(
          { err: error, lines: this.#chain.waiting },
          'the audit log cannot be written; it waits',
        );
      this.#isFailing = true;
    }
  }

  /** Writes what waits, and ends the chain. Never rejects. */
  async end(): Promise<void> {
    await this.#options.bodies?.flush();
    await this.#chain.end();
  }
}
