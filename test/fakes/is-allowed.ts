interface Statement {
  readonly Effect: string;
  readonly Resource?: string | readonly string[];
}

/**
 * Whether API Gateway lets a call to the method `arn` pass by what an authorizer gave. Source: IAM User Guide, "Policy
 * evaluation logic".
 */
export function isAllowed(document: { readonly Statement: unknown }, arn: string): boolean {
  const effects = ([document.Statement].flat() as Statement[])
    .filter(({ Resource = [] }) => [Resource].flat().some((pattern) => matches(pattern as string, arn)))
    .map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

/** `*` stands for any letters, `?` for one; in the parts of an ARN between colons each for itself. */
function matches(pattern: string, arn: string): boolean {
  const [ours, theirs] = [pattern.split(':'), arn.split(':')];
  return ours.length === theirs.length && ours.every((part, i) => partMatches(part, theirs[i] ?? ''));
}

function partMatches(pattern: string, text: string): boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
