import { checkChange } from '../src/adapters/api-keys/check-change.ts';
import { recordedReleaseChange } from '../src/adapters/audit/recorded-release-change.ts';
import type { ModelStore, ReleaseState } from '../src/ports/model-store.ts';

export interface ReleaseChange {
  /** Of the model repository. */
  readonly uri: string;
  readonly store: ModelStore;
  readonly model: string;
  readonly version?: number;
  /** As the audit log has it. */
  readonly action: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Changes the releases of a model, and adds that to the audit log; false where all was so already. Rejects as
 * `changeReleases`, and with 403 where the policies do not let whoever runs this.
 */
export async function changeRelease(
  { uri, store, model, ...record }: ReleaseChange,
  change: (before: ReleaseState) => ReleaseState,
): Promise<boolean> {
  await checkChange(uri, record.action === 'delete' ? 'push' : 'promote', model);
  const isRescue = record.action === 'rollback';
  return recordedReleaseChange(uri, store, { model, ...record }, change, { isRescue });
}
