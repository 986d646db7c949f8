import type { CanaryStop } from '../../core/canary/releases.ts';
import type { AliasTarget, ModelStore } from '../../ports/model-store.ts';
import { recordChange } from '../audit/record-change.ts';

/**
 * Takes a canary back to 0 % in the store, with the reason, and records that: unless it is another one by now, or somebody has taken it back
 * already. Resolves to whether this did it. Rejects as `changeReleases` and `recordChange` do.
 */
export async function stopCanary(
  store: Pick<ModelStore, 'changeReleases'>,
  rootUri: string,
  { model, alias, canary, reason }: CanaryStop,
): Promise<boolean> {
  let isDone = false;
  await store.changeReleases(model, (before) => {
    isDone = false;
    const target = before.aliases[alias];
    if (!target?.canary || !isSame(target.canary, canary)) return before;
    isDone = true;
    const stopped: AliasTarget = { ...target, canary: { ...target.canary, percent: 0, stopped: reason } };
    return { ...before, aliases: { ...before.aliases, [alias]: stopped } };
  });
  if (isDone)
    await recordChange(rootUri, {
      action: 'canary-stop',
      model,
      version: canary.version,
      details: { alias, percent: canary.percent, reason },
    });
  return isDone;
}

function isSame(one: CanaryStop['canary'], other: CanaryStop['canary']): boolean {
  return one.version === other.version && one.since === other.since && one.percent === other.percent;
}
