/** What a path calls a model, or the version of it that a number or alias means. */
export function modelPath(name: string, version: string | undefined): string {
  const versions = version === undefined ? '' : `/versions/${encodeURIComponent(version)}`;
  return `${encodeURIComponent(name)}${versions}`;
}
