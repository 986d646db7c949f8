import { setTimeout } from 'node:timers/promises';
import type { RunObserver } from '../../core/data-plane.ts';
import { hostId } from '../audit/host-id.ts';
import type { ServiceLog } from '../service-log.ts';
import type { DriftMonitor } from './drift-monitor.ts';
import type { DriftReading } from './watched-version.ts';

export interface OpenDriftOptions {
  /** URI of the model repository, in whose `.drift` all lies. */
  readonly models: string;
  /** Milliseconds between two times that what was counted is written. */
  readonly everyMs: number;
  /** Whether a timer does that; else `flushIfDue` does. @default true */
  readonly hasTimer?: boolean;
  readonly log: ServiceLog;
}

// A request waits so long for it at most.
const patienceMs = 500;

/** Watches drift on a host. */
export interface DriftWatch {
  readonly onRun: RunObserver;
  readonly readings: readonly DriftReading[];
  /** Writes what was counted, where it is time; what takes long goes on while nobody waits. Never rejects. */
  flushIfDue(): Promise<void>;
  /** Writes what was counted, for the last time. Never rejects. */
  end(): Promise<void>;
}

/** Watches drift from the first run of a model on whose settings want that; nothing is loaded before. */
export function openDrift({ models, everyMs, hasTimer = true, log }: OpenDriftOptions): DriftWatch {
  let monitor: DriftMonitor | undefined;
  let isComing = false;
  let timer: NodeJS.Timeout | undefined;
  let due = 0;
  const load = async () => {
    const [{ DriftMonitor: Monitor }, { DriftFiles }] = await Promise.all([
      import('./drift-monitor.ts'),
      import('./drift-files.ts'),
    ]);
    const made = new Monitor({ files: DriftFiles.of(models), host: hostId(new Date()), log });
    monitor = made;
    if (hasTimer) timer = setInterval(() => void made.flush(), everyMs).unref();
  };
  return {
    onRun: (version, run) => {
      if (!version.config.drift) return;
      if (monitor) return monitor.observe(version, run);
      // What comes before it is there counts for nothing.
      if (isComing) return;
      isComing = true;
      void load().catch((error) => log.warn({ err: error }, 'drift cannot be watched'));
    },
    get readings() {
      return monitor?.readings ?? [];
    },
    flushIfDue: async () => {
      if (!monitor || Date.now() < due) return;
      due = Date.now() + everyMs;
      const enough = new AbortController();
      const patience = setTimeout(patienceMs, undefined, { signal: enough.signal }).catch(() => undefined);
      await Promise.race([monitor.flush(), patience]);
      enough.abort();
    },
    end: async () => {
      clearInterval(timer);
      await monitor?.flush();
    },
  };
}
