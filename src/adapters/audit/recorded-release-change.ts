import type { ModelStore, ReleaseState } from '../../ports/model-store.ts';
import type { Change } from './change-record.ts';
import { type RecordedChangeOptions, recordedChange } from './recorded-change.ts';

/**
 * Changes the releases of a model, as `recordedChange`. What `edit` gives back as it was, or refuses by an Error, is
 * nothing to write down.
 *
 * @returns whether anything was changed. Rejects as `changeReleases` and `recordedChange` do.
 */
export async function recordedReleaseChange(
  rootUri: string,
  store: Pick<ModelStore, 'changeReleases'>,
  change: Change & { readonly model: string },
  edit: (before: ReleaseState) => ReleaseState,
  options?: RecordedChangeOptions,
): Promise<boolean> {
  const { model } = change;
  const now = await store.changeReleases(model, (before) => before);
  if (edit(now) === now) return false;
  const make = async () => {
    let isChanged = false;
    await store.changeReleases(model, (before) => {
      const after = edit(before);
      isChanged = after !== before;
      return after;
    });
    return isChanged ? {} : undefined;
  };
  return (await recordedChange(rootUri, change, make, options)) !== undefined;
}
