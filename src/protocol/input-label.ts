/** What a message calls an input: by its name, or by its place where the name is not known yet. */
export function inputLabel(name: string | undefined, index: number): string {
  return name === undefined ? `inputs[${index}]` : `input '${name}'`;
}
