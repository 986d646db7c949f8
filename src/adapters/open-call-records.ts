import { availableParallelism, totalmem } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { UsageHost } from '../core/usage/host-usage.ts';
import type { AnsweredCall } from '../ports/answered-call.ts';
import type { AuditLevel } from './audit/audit-level.ts';
import { hostId } from './audit/host-id.ts';
import { openAudit } from './audit/open-audit.ts';
import type { ServiceLog } from './service-log.ts';
import { type KeptUsage, openUsage } from './usage/open-usage.ts';

const GB = 1024 ** 3;
/** As many lines are written at once, sooner than it would be time for them. */
const mostLines = 1000;
/** How long the last writes may take: whoever ends the process does not wait for ever. */
const mostEndMs = 8000;
/** The same where whoever ends it has said so twice. */
const mostEndAtOnceMs = 2000;

export interface CallRecordsOptions {
  /** URI of the model repository, in whose `.audit` and `.usage` they lie. */
  readonly models: string;
  readonly kind: UsageHost['kind'];
  /** Of which calls there are lines in the audit log. */
  readonly audit: AuditLevel;
  /** Of calls whose inputs are kept, from 0 to 1. */
  readonly auditBodies: number;
  /** Whether it is counted what callers use. */
  readonly usage: boolean;
  /** Memory that a call of a model has to itself. */
  readonly gigabytesOf: (model: string, version: string) => number;
  /** Memory of the host. @default all that the process may have */
  readonly gigabytes?: number;
  /** Milliseconds between two times that they are written; 0: whenever `flush` is called, and then alone. */
  readonly everyMs: number;
  readonly log: ServiceLog;
}

/** What a host keeps of its calls: the audit log, and what callers have used. */
export interface CallRecords {
  /** Lines of the audit log that wait to be written. */
  readonly waiting: number;
  /** Hears of a call that was answered. */
  onCall(call: AnsweredCall): void;
  /** What callers have used; undefined where that is not counted. */
  readonly usage?: Pick<KeptUsage, 'of' | 'read' | 'refresh'>;
  /** Writes what waits. Never rejects. */
  flush(): Promise<void>;
  /** Writes what waits, for the last time. Never rejects. */
  end(): Promise<void>;
  /** Writes what waits, in little time, while calls may go on that nobody hears the end of. Never rejects. */
  endAtOnce(): Promise<void>;
}

/** Begins to keep records of calls. Undefined where nothing is to be kept. */
export function openCallRecords(options: CallRecordsOptions): CallRecords | undefined {
  const { audit: level, usage: countsUsage, models, log, everyMs } = options;
  if (level === 'off' && !countsUsage) return undefined;
  const now = () => new Date();
  const host = hostOf(options, now());
  const audit =
    level === 'off' ? undefined : openAudit({ models, level, host: host.id, bodies: options.auditBodies, log, now });
  const usage = countsUsage ? openUsage({ ...options, host, now }) : undefined;
  const flush = async () => {
    await Promise.all([audit?.flush(), usage?.flush()]);
  };
  const endTimers = everyMs > 0 ? writeEvery(everyMs, flush, usage) : () => undefined;
  let isSoon = false;
  const written = async (work: Promise<unknown>, mostMs: number) => {
    const isOver = await Promise.race([work.then(() => true), pause(mostMs, false, { ref: false })]);
    const lines = audit?.waiting ?? 0;
    if (!isOver || lines > 0)
      log.error({ lines }, 'the last records of calls are lost: the model repository does not answer');
  };
  return {
    ...(usage && { usage }),
    get waiting() {
      return audit?.waiting ?? 0;
    },
    flush,
    onCall: (call) => {
      usage?.add(call);
      audit?.add(call);
      if (everyMs === 0 || isSoon || !audit || audit.waiting < mostLines) return;
      isSoon = true;
      void audit.flush().then(() => {
        isSoon = false;
      });
    },
    end: async () => {
      endTimers();
      await written(Promise.all([audit?.end(), usage?.end()]), mostEndMs);
    },
    // The chain has no end: calls that are cut would have had lines. What is being written is what waited before.
    endAtOnce: () => written(Promise.all([audit?.flush().then(() => audit.flush()), usage?.end()]), mostEndAtOnceMs),
  };
}

function writeEvery(everyMs: number, flush: () => Promise<void>, usage: KeptUsage | undefined): () => void {
  const timers = [setInterval(flush, everyMs)];
  if (usage) {
    void usage.refresh();
    timers.push(setInterval(usage.refresh, 6 * everyMs));
  }
  for (const timer of timers) timer.unref();
  return () => timers.forEach(clearInterval);
}

function hostOf({ kind, gigabytes }: CallRecordsOptions, now: Date): UsageHost {
  const limit = process.constrainedMemory();
  const all = totalmem();
  // Without a limit it says none, or more than there is.
  const bytes = limit > 0 && limit < all ? limit : all;
  return {
    id: hostId(now),
    kind,
    gigabytes: gigabytes ?? Number((bytes / GB).toFixed(3)),
    vcpus: availableParallelism(),
    architecture: process.arch === 'arm64' ? 'arm64' : 'x86_64',
  };
}
