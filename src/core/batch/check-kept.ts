import { ServiceError } from '../../protocol/service-error.ts';

/**
 * Throws ServiceError 400 where a field that is kept, or the record's number, would have the name of an output: a line
 * has each name once.
 */
export function checkKept(kept: readonly string[], outputs: readonly { readonly name: string }[]): void {
  const names = new Set(outputs.map(({ name }) => name));
  const twice = [...kept, 'record'].find((name) => names.has(name));
  if (twice === undefined) return;
  throw new ServiceError(
    400,
    twice === 'record'
      ? `the output 'record' has the name of the record's number; ask for the others only: --output <name>`
      : `'${twice}' would be kept beside the output of that name; keep other fields (--keep <field>), or ask for other outputs (--output <name>)`,
  );
}
