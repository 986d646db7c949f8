import type { Parameters, RequestedOutput } from './inference.ts';
import type { JsonScanner } from './json-scanner.ts';
import { KnownWords } from './known-words.ts';
import { ObjectMembers } from './object-members.ts';
import { scanName } from './scan-name.ts';
import { scanParameters } from './scan-parameters.ts';
import { ServiceError } from './service-error.ts';
import { skipValue } from './skip-value.ts';
import { wrongKind } from './wrong-kind.ts';

const keys = new KnownWords(['name', 'parameters']);

/** Reads the `index`th of the `outputs` that a request asks for. */
export function scanOutput(scanner: JsonScanner, index: number): RequestedOutput {
  let name: string | undefined;
  let parameters: Parameters = {};
  if (scanner.next() !== 0x7b) wrongKind(scanner, `outputs[${index}]`, 'an object');
  const members = new ObjectMembers(scanner, keys);
  for (let key = members.next(); key !== undefined; key = members.next()) {
    if (key === 'name') name = scanName(scanner, "an output's 'name'");
    else if (key === 'parameters') parameters = scanParameters(scanner);
    else skipValue(scanner);
  }
  if (name === undefined) throw new ServiceError(400, `outputs[${index}] has no 'name'`);
  return { name, parameters };
}
