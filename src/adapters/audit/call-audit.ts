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

/** A body of more takes longer than a millisecond, about. */
const mostBytesHere = 512 * 1024;
/** Past so many bytes that wait for other threads, digests are made here, which holds up whoever sends them. */
const mostDigesting = 64 * 1024 ** 2;

/** What reads alone, and runs nothing. */
const reading = /^(GET|HEAD|OPTIONS|Server.*|Model(Ready|Metadata|Config|Statistics)|RepositoryIndex)$/;

/**
 * Makes lines of a chain of the calls that a host answered: of those that were denied, or of all that run or change
 * something.
 */
export class CallAudit {
  readonly #chain: CallChain;
  readonly #options: CallAuditOptions;
  readonly #digests = new Set<Promise<void>>();
  /** Bytes that are being digested on other threads. */
  #digesting = 0;
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
    else if (level === 'all' && !reading.test(call.method)) {
      const kept = bodies?.keep(call);
      const line = (digest: string | undefined) => this.#chain.add({ ...callRecord(call, digest), ...kept });
      if (call.body.length > mostBytesHere && this.#digesting < mostDigesting) this.#digestAside(call.body, line);
      else line(digestOf(call.body));
    }
  }

  /**
   * Writes what waits. Never rejects: what cannot be written is tried again the next time, and the log says so once.
   */
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
    await Promise.all([this.#options.bodies?.flush(), ...this.#digests]);
    await this.#chain.end();
  }

  /** Calls `line` with the digest of a body that would hold up all else for a while: it is made on another thread. */
  #digestAside(body: Uint8Array, line: (digest: string) => void): void {
    this.#digesting += body.length;
    const made = crypto.subtle.digest('SHA-256', body as Uint8Array<ArrayBuffer>).then((digest) => {
      this.#digesting -= body.length;
      this.#digests.delete(made);
      line(Buffer.from(digest).toString('hex'));
    });
    this.#digests.add(made);
  }
}
