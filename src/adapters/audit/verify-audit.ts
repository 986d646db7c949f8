import type { ObjectStore } from '../../ports/object-store.ts';
import { auditFiles } from './audit-files.ts';
import { type ChainFault, type ChainReport, verifyChain } from './verify-chain.ts';

/** What was found in an audit log. */
export interface AuditReport {
  readonly chains: readonly ChainReport[];
  /** All that is wrong. */
  readonly faults: readonly ChainFault[];
  /**
   * Lines of changes that were begun, and of which no line says how they ended: they are under way, or whatever made
   * them was killed.
   */
  readonly open: readonly Readonly<Record<string, unknown>>[];
}

export interface AuditExpectations {
  /** Heads that were kept elsewhere: each must be the hash of a line. */
  readonly heads: readonly string[];
  /** The first day of which calls are kept, as in 2026-11-29. @default all are */
  readonly from?: string | undefined;
}

/** Reads all chains of the audit log whose files `store` has. */
export async function verifyAudit(store: ObjectStore, { heads, from }: AuditExpectations): Promise<AuditReport> {
  const [changes, calls] = await Promise.all([store.list('changes/'), store.list('calls/')]);
  const kept = from === undefined ? calls : calls.filter(({ key }) => key >= `calls/${from}`);
  const { chains, unknown } = auditFiles([...changes, ...kept]);
  const wanted = new Set(heads);
  const open = new Map<unknown, Readonly<Record<string, unknown>>>();
  const reports: ChainReport[] = [];
  for (const chain of chains)
    reports.push(
      await verifyChain(store, chain, {
        mayBeginLate: from !== undefined && chain.name !== 'changes',
        onLine: ({ hash, record, number }) => {
          wanted.delete(hash);
          if (chain.name !== 'changes') return;
          if (record.kind === 'begun') open.set(number, record);
          else open.delete(record.begun);
        },
      }),
    );
  const strange = unknown.map((key) => ({
    chain: '-',
    key,
    problem: 'is no object of the audit log: somebody put it there',
  }));
  const gone = [...wanted].map((hash) => ({
    chain: '-',
    key: '-',
    problem: `no line has the hash ${hash}: the end of a chain, or all of it, was removed or written anew`,
  }));
  return {
    chains: reports,
    faults: [...reports.flatMap(({ faults }) => faults), ...strange, ...gone],
    open: [...open.values()],
  };
}
