/** A setting that the deployment gives a function. Throws an Error that names it where it is missing. */
export function needed(name: string, environment = process.env): string {
  const value = environment[name];
  if (value) return value;
  throw new Error(`${name}: expected a setting of the deployment, got nothing`);
}
