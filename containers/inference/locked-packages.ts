interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** `packages` of a package-lock.json: path, such as `node_modules/ajv` → what is installed there. */
export type Lock = Readonly<Record<string, LockedPackage>>;

/**
 * The paths, such as `node_modules/ajv`, of the packages `names` and of all that these need, found as Node finds them:
 * in the folder of whoever needs it, else further out.
 *
 * @param left packages to leave out, with what only they need
 */
export function lockedPackages(lock: Lock, names: readonly string[], left: readonly string[]): readonly string[] {
  const found = new Set<string>();
  const add = (name: string, from: string): void => {
    if (left.includes(name)) return;
    const path = locate(lock, name, from);
    if (found.has(path)) return;
    found.add(path);
    for (const needed of Object.keys(lock[path]?.dependencies ?? {})) add(needed, path);
  };
  for (const name of names) add(name, '');
  return [...found].sort();
}

function locate(lock: Lock, name: string, from: string): string {
  const path = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (lock[path]) return path;
  if (from === '') throw new Error(`package-lock.json has no ${name}: run npm install`);
  return locate(lock, name, from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))));
}
