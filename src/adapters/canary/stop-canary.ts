import type { CanaryStop } from '../../core/canary/releases.ts';
import type { AliasTarget, ModelStore, ReleaseState } from '../../ports/model-store.ts';
import { recordedReleaseChange } from '../audit/recorded-release-change.ts';

/**
 * Takes a canary back to 0 % in the store, with the reason, and records that: unless it is another one by now, or
 * somebody has taken it back already. Resolves to whether this did it. Rejects as `recordedReleaseChange`.
 */
export async function stopCanary(
  store: Pick<ModelStore, 'changeReleases'>,
  rootUri: string,
  { model, alias, canary, reason }: CanaryStop,
): Promise<boolean> {
  const details = { alias, percent: canary.percent, reason };
  const change = { action: 'canary-stop', model, version: canary.version, details };
  // Hosts that are late have nothing to do.
  const edit = (before: ReleaseState): ReleaseState => {
    const target = before.aliases[alias];
    if (!target?.canary || !isSame(target.canary, canary)) return before;
    const stopped: AliasTarget = { ...target, canary: { ...target.canary, percent: 0, stopped: reason } };
    return { ...before, aliases: { ...before.aliases, [alias]: stopped } };
  };
  return recordedReleaseChange(rootUri, store, change, edit, { isRescue: true });
}

function isSame(one: CanaryStop['canary'], other: CanaryStop['canary']): boolean {
  return one.version === other.version && one.since === other.since && one.percent === other.percent;
}
