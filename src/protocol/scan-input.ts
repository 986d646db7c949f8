import { checkShape } from './check-shape.ts';
import type { Datatype } from './datatype.ts';
import type { InputTensor, Parameters } from './inference.ts';
import { inputLabel } from './input-label.ts';
import type { JsonScanner } from './json-scanner.ts';
import { KnownWords } from './known-words.ts';
import { ObjectMembers } from './object-members.ts';
import { passArray } from './pass-array.ts';
import { scanDatatype } from './scan-datatype.ts';
import { scanName } from './scan-name.ts';
import { scanParameters } from './scan-parameters.ts';
import { scanShape } from './scan-shape.ts';
import { scanTensor } from './scan-tensor.ts';
import { ServiceError } from './service-error.ts';
import { skipValue } from './skip-value.ts';
import { wrongKind } from './wrong-kind.ts';

/**
 * An input as its JSON has it: with its data, with how many bytes of the binary part are its, or with what was
 * uploaded.
 */
export interface ScannedInput {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
  readonly data: InputTensor['data'] | undefined;
  /** Of use where there is neither `data` nor `contentRef`. */
  readonly binaryBytes: number;
  readonly contentRef: string | undefined;
}

const keys = new KnownWords(['name', 'datatype', 'shape', 'parameters', 'data']);

/**
 * Reads the `index`th of the `inputs`. Its members may come in any order; data that comes first is read again once its
 * type is known.
 */
export function scanInput(scanner: JsonScanner, index: number): ScannedInput {
  let name: string | undefined;
  let datatype: Datatype | undefined;
  let shape: readonly number[] | undefined;
  let parameters = none;
  let data: InputTensor['data'] | undefined;
  let dataAt = -1;

  if (scanner.next() !== 0x7b) wrongKind(scanner, `inputs[${index}]`, 'an object');
  const members = new ObjectMembers(scanner, keys);
  for (let key = members.next(); key !== undefined; key = members.next()) {
    if (key === 'name') name = scanName(scanner, "an input's 'name'");
    else if (key === 'datatype') datatype = scanDatatype(scanner, name, index);
    else if (key === 'shape') shape = scanShape(scanner, name, index);
    else if (key === 'parameters') parameters = scanParameters(scanner);
    else if (key === 'data') {
      dataAt = scanner.at;
      if (name !== undefined && datatype !== undefined && shape !== undefined)
        data = scanTensor(scanner, name, datatype, shape);
      else if (scanner.next() === 0x5b) passArray(scanner);
      else skipValue(scanner);
    } else skipValue(scanner);
  }

  if (name === undefined) throw new ServiceError(400, `${inputLabel(name, index)} has no 'name'`);
  if (datatype === undefined || shape === undefined)
    throw new ServiceError(400, `input '${name}' has no '${datatype ? 'shape' : 'datatype'}'`);
  const { binary_data_size: bytes, content_ref: contentRef } = parameters;
  if (bytes !== undefined || contentRef !== undefined) {
    checkAlone(name, dataAt !== -1, bytes, contentRef);
    checkShape(name, datatype, shape, scanner.limits);
    const binaryBytes = bytes === undefined ? 0 : checkSize(name, bytes);
    return { name, datatype, shape, data: undefined, binaryBytes, contentRef: checkReference(name, contentRef) };
  }
  if (dataAt === -1)
    throw new ServiceError(400, `input '${name}' has no 'data' (nor the parameter binary_data_size or content_ref)`);
  data ??= readAgain(scanner, dataAt, name, datatype, shape);
  return { name, datatype, shape, data, binaryBytes: 0, contentRef: undefined };
}

/** Reads data that came before its type was known. */
function readAgain(
  scanner: JsonScanner,
  dataAt: number,
  name: string,
  datatype: Datatype,
  shape: readonly number[],
): InputTensor['data'] {
  const end = scanner.at;
  scanner.at = dataAt;
  const data = scanTensor(scanner, name, datatype, shape);
  scanner.at = end;
  return data;
}

const none: Parameters = {};

type Parameter = Parameters[string] | undefined;

/** Throws 400 where the data is said to be in more than one place. */
function checkAlone(name: string, hasData: boolean, bytes: Parameter, contentRef: Parameter): void {
  if (!hasData && (bytes === undefined || contentRef === undefined)) return;
  const [one, other] = [hasData ? "'data'" : 'content_ref', bytes === undefined ? 'content_ref' : 'binary_data_size'];
  throw new ServiceError(400, `input '${name}' has both ${one} and ${other}; send one of them`);
}

function checkReference(name: string, contentRef: Parameter): string | undefined {
  if (contentRef === undefined || typeof contentRef === 'string') return contentRef;
  throw new ServiceError(
    400,
    `input '${name}': expected content_ref to be a text that POST /v2/uploads gave, got ${contentRef}`,
  );
}

function checkSize(name: string, bytes: string | number | boolean): number {
  if (typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw new ServiceError(
    400,
    `input '${name}': expected binary_data_size to be a number of bytes, got ${JSON.stringify(bytes)}`,
  );
}
