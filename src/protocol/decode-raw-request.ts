import { checkShape } from './check-shape.ts';
import { countElements } from './count-elements.ts';
import type { DecodeLimits } from './decode-limits.ts';
import type { InferenceRequest } from './inference.ts';
import { ServiceError } from './service-error.ts';
import { shapeBytes } from './shape-bytes.ts';
import type { Tensor } from './tensor.ts';
import type { TensorSpec } from './tensor-spec.ts';
import { unpackTensor } from './unpack-tensor.ts';

/**
 * Decodes a raw body: the elements of a model's only input, with no JSON at all.
 *
 * The one free dimension follows from the length; where there are two and the first may be a batch, the first is 1.
 * Throws 400 where the model does not allow it. Source: Triton's binary tensor data extension, "Raw Binary Request".
 */
export function decodeRawRequest(
  body: Uint8Array,
  inputs: readonly TensorSpec[],
  limits: DecodeLimits,
): InferenceRequest {
  const [input] = inputs;
  if (!input || inputs.length !== 1) {
    throw new ServiceError(
      400,
      `a raw body takes a model of one input; this has ${inputs.length}: send JSON with binary tensors`,
    );
  }
  const tensor = input.datatype === 'BYTES' ? rawBytes(body, input) : rawElements(body, input, limits);
  return { parameters: {}, inputs: [{ ...tensor, name: input.name }] };
}

function rawBytes(body: Uint8Array, { name, shape }: TensorSpec): Tensor {
  const fixed = shape.map((size) => Math.abs(size));
  if (countElements(fixed) === 1) return { datatype: 'BYTES', shape: fixed, data: [body] };
  throw new ServiceError(
    400,
    `a raw body is one element of BYTES, and input '${name}' has shape [${shape}]: send JSON with binary tensors`,
  );
}

function rawElements(body: Uint8Array, { name, datatype, shape }: TensorSpec, limits: DecodeLimits): Tensor {
  if (datatype === 'BYTES') throw new TypeError('BYTES has no element size');
  const free = shape.flatMap((size, i) => (size === -1 ? [i] : []));
  const variable = free.length === 2 && free[0] === 0 ? free[1] : free[0];
  if (free.length > 2 || (free.length === 2 && free[0] !== 0)) {
    throw new ServiceError(
      400,
      `a raw body takes one free dimension at most, and input '${name}' has shape [${shape}]: send JSON with binary tensors`,
    );
  }
  const fixed = shape.map((size) => Math.abs(size));
  const rowBytes = shapeBytes({ datatype, shape: fixed });
  if (variable !== undefined) {
    if (rowBytes === 0 || body.length % rowBytes !== 0) {
      throw new ServiceError(
        400,
        `input '${name}': expected a multiple of ${rowBytes} bytes for shape [${shape}] of ${datatype}, got ${body.length}`,
      );
    }
    fixed[variable] = body.length / rowBytes;
  }
  checkShape(name, datatype, fixed, limits);
  return unpackTensor(name, datatype, fixed, body);
}
