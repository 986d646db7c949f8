import type { CanaryStop } from '../../core/canary/releases.ts';
import type { AliasTarget, ModelStore, ReleaseState } from '../../ports/model-store.ts';
import { recordedChange } from '../audit/recorded-change.ts';

/**
 * Takes a canary back to 0 % in the store, with the reason, and records that: unless it is another one by now, or somebody has taken it back
 * already. Resolves to whether this did it. Rejects as `changeReleases` and `recordedChange` do.
 */
export async function stopCanary(
  store: Pick<ModelStore, 'changeReleases'>,
  rootUri: string,
  { model, alias, canary, reason }: CanaryStop,
): Promise<boolean> {
  const isDue = (before: ReleaseState) => {
    const on = before.aliases[alias]?.canary;
    return on !== undefined && isSame(on, canary);
  };
  // Hosts that are late have nothing to do, nor to write down.
  if (!isDue(await store.changeReleases(model, (before) => before))) return false;
  const details = { alias, percent: canary.percent, reason };
  const change = { action: 'canary-stop', model, version: canary.version, details };
  const made = await recordedChange(
    rootUri,
    change,
    async () => {
      let isDone = false;
      await store.changeReleases(model, (before) => {
        isDone = isDue(before);
        const target = before.aliases[alias];
        if (!isDone || !target?.canary) return before;
        const stopped: AliasTarget = { ...target, canary: { ...target.canary, percent: 0, stopped: reason } };
        return { ...before, aliases: { ...before.aliases, [alias]: stopped } };
      });
      return isDone ? {} : undefined;
    },
    { isRescue: true },
  );
  return made !== undefined;
}

function isSame(one: CanaryStop['canary'], other: CanaryStop['canary']): boolean {
  return one.version === other.version && one.since === other.since && one.percent === other.percent;
}
