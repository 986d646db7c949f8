import type { AliasTarget } from '../../ports/model-store.ts';

/** Whether two aliases lead to the same, in all that is said of it. */
export function sameTarget(a: AliasTarget | undefined, b: AliasTarget | undefined): boolean {
  return flat(a) === flat(b);
}

/** A text that is the same for targets that are: their order of keys does not count. */
function flat(target: AliasTarget | undefined): string {
  if (!target) return '';
  const { version, previous, forced, canary, shadow } = target;
  const parts = [
    [version, previous, forced],
    canary && [canary.version, canary.percent, canary.sticky, canary.since, canary.stopped],
    shadow && [shadow.version, shadow.percent],
  ];
  return JSON.stringify(parts);
}
