import type { AliasTarget } from '../../ports/model-store.ts';

/** Where an alias leads, in words: `version 4, and with 10 % of its calls to version 5`. */
export function targetWords(target: AliasTarget | undefined): string {
  if (!target) return 'nothing';
  const { version, canary, shadow } = target;
  const parts = [`version ${version}`];
  if (canary) {
    const why = canary.stopped === undefined ? '' : ` (taken back: ${canary.stopped})`;
    const sticky = canary.sticky === undefined ? '' : `, by ${canary.sticky}`;
    parts.push(`with ${canary.percent} % of its calls to version ${canary.version}${sticky}${why}`);
  }
  if (shadow) parts.push(`with ${shadow.percent} % of its calls also answered by version ${shadow.version}`);
  return parts.join(', and ');
}
