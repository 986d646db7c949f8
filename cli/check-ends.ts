/** Throws an Error where `--percent 0` names a version, and another one is the canary or shadow: whose number is mistyped must not end what goes on. */
export function checkEnds(role: 'canary' | 'shadow', alias: string, version: number, current?: number): void {
  if (current === undefined || current === version) return;
  throw new Error(
    `the ${role} of alias '${alias}' is version ${current}, not ${version}: --percent 0 ends that of the version that it is given`,
  );
}
