import type { AnsweredCall } from '../../ports/answered-call.ts';
import { openRepositoryFolder } from '../open-repository-folder.ts';
import type { ServiceLog } from '../service-log.ts';
import type { AuditLevel } from './audit-level.ts';
import { BodySamples } from './body-samples.ts';
import { CallAudit } from './call-audit.ts';
import { CallChain } from './call-chain.ts';

const MiB = 1024 ** 2;

export interface OpenAuditOptions {
  readonly models: string;
  readonly level: Exclude<AuditLevel, 'off'>;
  readonly host: string;
  /** Of calls whose inputs are kept, from 0 to 1. */
  readonly bodies: number;
  readonly log: ServiceLog;
  readonly now: () => Date;
}

/** What a host writes its calls into. */
export interface KeptAudit {
  /** Lines that wait to be written. */
  readonly waiting: number;
  add(call: AnsweredCall): void;
  flush(): Promise<void>;
  end(): Promise<void>;
}

/** Begins a chain of calls in the audit log of a model repository: nothing is there before the first line. */
export function openAudit({ models, level, host, bodies: share, log, now }: OpenAuditOptions): KeptAudit {
  const store = openRepositoryFolder(models, '.audit');
  const chain = new CallChain({ store, host, log, now, mostBytes: 16 * MiB });
  const kept = { store, host, share, log, now, mostBytes: 64 * MiB, random: Math.random };
  const bodies = share > 0 ? new BodySamples(kept) : undefined;
  return new CallAudit(chain, { level, bodies, log });
}
