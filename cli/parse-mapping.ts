import { InvalidArgumentError } from 'commander';

type Mapping = Readonly<Record<string, readonly string[]>>;

/** `mapping` with the fields that `input=field,field` gives an input. Throws an error of usage for another form. */
export function parseMapping(text: string, mapping: Mapping = {}): Mapping {
  const [, input, fields] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (input === undefined || fields === undefined)
    throw new InvalidArgumentError('Expected input=field or input=field,field.');
  return { ...mapping, [input]: fields.split(',') };
}
