import { checkShape } from './check-shape.ts';
import type { Datatype } from './datatype.ts';
import type { DecodeLimits } from './decode-limits.ts';
import { elementBytes } from './element-bytes.ts';
import type { Parameters } from './inference.ts';
import type { JsonScanner } from './json-scanner.ts';
import { scanName } from './scan-name.ts';
import { scanParameters } from './scan-parameters.ts';
import { scanTensor } from './scan-tensor.ts';
import { ServiceError } from './service-error.ts';
import type { Tensor } from './tensor.ts';

/** An input as its JSON has it: with its data, or with how many bytes of the binary part are its. */
export type ScannedInput = {
  readonly name: string;
  readonly datatype: Datatype;
  readonly shape: readonly number[];
} & ({ readonly tensor: Tensor } | { readonly binaryBytes: number });

/** Reads one of the `inputs`. Its members may come in any order; data that comes first is read again once its type is known. */
export function scanInput(scanner: JsonScanner, limits: DecodeLimits): ScannedInput {
  let name: string | undefined;
  let datatype: Datatype | undefined;
  let shape: readonly number[] | undefined;
  let parameters: Parameters = {};
  let tensor: Tensor | undefined;
  let dataAt = -1;

  scanner.object((key) => {
    if (key === 'name') name = scanName(scanner, 'an input name', limits);
    else if (key === 'datatype') datatype = scanDatatype(scanner);
    else if (key === 'shape') shape = scanShape(scanner, limits);
    else if (key === 'parameters') parameters = scanParameters(scanner, limits);
    else if (key === 'data') {
      dataAt = scanner.at;
      if (name !== undefined && datatype && shape) {
        checkShape(name, shape, limits);
        tensor = scanTensor(scanner, name, datatype, shape);
      } else scanner.passArray();
    } else scanner.skip();
  });

  if (name === undefined) throw new ServiceError(400, "an input has no 'name'");
  if (!datatype || !shape) throw new ServiceError(400, `input '${name}' has no '${datatype ? 'shape' : 'datatype'}'`);
  checkShape(name, shape, limits);
  const { binary_data_size: binaryBytes } = parameters;
  if (binaryBytes === undefined) {
    if (dataAt === -1)
      throw new ServiceError(400, `input '${name}' has no 'data' (nor the parameter binary_data_size)`);
    if (!tensor) {
      const end = scanner.at;
      scanner.at = dataAt;
      tensor = scanTensor(scanner, name, datatype, shape);
      scanner.at = end;
    }
    return { name, datatype, shape, tensor };
  }
  if (dataAt !== -1)
    throw new ServiceError(400, `input '${name}' has both 'data' and binary_data_size; send one of them`);
  if (typeof binaryBytes === 'number' && Number.isSafeInteger(binaryBytes) && binaryBytes >= 0)
    return { name, datatype, shape, binaryBytes };
  throw new ServiceError(
    400,
    `input '${name}': expected binary_data_size to be a number of bytes, got ${JSON.stringify(binaryBytes)}`,
  );
}

function scanDatatype(scanner: JsonScanner): Datatype {
  const text = scanner.string();
  if (text === 'BYTES' || Object.hasOwn(elementBytes, text)) return text as Datatype;
  throw new ServiceError(
    400,
    `unknown datatype '${text.slice(0, 40)}': expected one of ${Object.keys(elementBytes).join(', ')}, BYTES`,
  );
}

function scanShape(scanner: JsonScanner, limits: DecodeLimits): readonly number[] {
  const shape: number[] = [];
  scanner.array(() => {
    const text = scanner.number();
    if (!/^[0-9]{1,15}$/.test(text))
      throw new ServiceError(400, `a shape holds ${text.slice(0, 40)}: expected whole numbers of 0 or more`);
    shape.push(Number(text));
    if (shape.length > limits.maxNesting) {
      throw new ServiceError(413, `a shape has more dimensions than maxNesting, ${limits.maxNesting}`);
    }
  });
  return shape;
}
