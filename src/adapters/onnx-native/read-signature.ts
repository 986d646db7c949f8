import type { UnservableOutput } from '../../ports/session.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import { datatypeOf } from './datatype-of.ts';
import { elementTypeName } from './element-type-name.ts';
import { elementTypes } from './element-types.ts';
import type { Pointer } from './native-types.ts';
import { readDimensionNames } from './read-dimension-names.ts';
import { readShape } from './read-shape.ts';
import { sessionNames } from './session-names.ts';
import { ValueKind } from './value-kind.ts';

/** What a model takes and gives. */
export interface Signature {
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly TensorSpec[];
  readonly unservable: readonly UnservableOutput[];
  /** Of inputs, as a `Session` has them. */
  readonly dimensionNames: ReadonlyMap<string, readonly string[]>;
}

/** Reads what a session's model takes and gives. Throws where an input is no tensor: such a model cannot be fed. */
export function readSignature(api: Api, session: Pointer): Signature {
  const inputs = entries(api, session, [
    api.sessionGetInputCount,
    api.sessionGetInputName,
    api.sessionGetInputTypeInfo,
  ]);
  const outputs = entries(api, session, [
    api.sessionGetOutputCount,
    api.sessionGetOutputName,
    api.sessionGetOutputTypeInfo,
  ]);
  for (const input of inputs) {
    if ('reason' in input) throw new Error(`input '${input.name}' cannot be fed: ${input.reason}`);
  }
  const tensors = inputs.filter((input) => 'datatype' in input);
  return {
    inputs: tensors,
    outputs: outputs.filter((output) => 'datatype' in output),
    unservable: outputs.filter((output) => 'reason' in output),
    dimensionNames: readDimensionNames(api, session, tensors),
  };
}

type Entry = TensorSpec | UnservableOutput;
type Readers = readonly [Api['sessionGetInputCount'], Api['sessionGetInputName'], Api['sessionGetInputTypeInfo']];

function entries(api: Api, session: Pointer, [getCount, getName, getType]: Readers): Entry[] {
  const out = new BigUint64Array(1);
  return sessionNames(api, session, [getCount, getName]).map((name, index) => {
    check(api, getType(session, index, out));
    const type = out[0] as Pointer;
    try {
      return { name, ...describe(api, type) };
    } finally {
      api.releaseTypeInfo(type);
    }
  });
}

function describe(api: Api, type: Pointer): Omit<TensorSpec, 'name'> | { reason: string } {
  const kind = onnxType(api, type);
  if (kind === ValueKind.tensor) return describeTensor(api, type);
  if (kind === ValueKind.sequence) return describeSequence(api, type);
  return { reason: kind === ValueKind.map ? 'it is a map' : 'it is neither a tensor nor a sequence' };
}

function describeTensor(api: Api, type: Pointer): Omit<TensorSpec, 'name'> | { reason: string } {
  const out = new BigUint64Array(1);
  check(api, api.castTypeInfoToTensorInfo(type, out));
  const info = out[0] as Pointer;
  const { elementType, shape } = readShape(api, info);
  const datatype = datatypeOf(elementType);
  if (!datatype) {
    return { reason: `its element type, ${elementTypeName(elementType)}, has no datatype in the protocol` };
  }
  return api.tensorTypeAndShapeHasShape(info) ? { datatype, shape } : { datatype, shape: [-1], anyRank: true };
}

/** A sequence of maps from a class to a number (scikit-learn's ZipMap) has a form as a tensor; others have none. */
function describeSequence(api: Api, type: Pointer): Omit<TensorSpec, 'name'> | { reason: string } {
  const out = new BigUint64Array(1);
  check(api, api.castTypeInfoToSequenceTypeInfo(type, out));
  check(api, api.getSequenceElementType(out[0] as Pointer, out));
  const element = out[0] as Pointer;
  try {
    if (onnxType(api, element) !== ValueKind.map) return { reason: 'it is a sequence of tensors' };
    check(api, api.castTypeInfoToMapTypeInfo(element, out));
    return isReadableMap(api, out[0] as Pointer)
      ? { datatype: 'FP32', shape: [-1, -1] }
      : { reason: 'it is a sequence of maps, but not from strings or INT64 to FP32' };
  } finally {
    api.releaseTypeInfo(element);
  }
}

function isReadableMap(api: Api, map: Pointer): boolean {
  const out = new BigUint64Array(1);
  check(api, api.getMapKeyType(map, out));
  const keyType = Number(out[0]);
  check(api, api.getMapValueType(map, out));
  const value = out[0] as Pointer;
  try {
    const spec = describe(api, value);
    const isNumber = 'datatype' in spec && spec.datatype === 'FP32';
    return isNumber && (keyType === elementTypes.BYTES || keyType === elementTypes.INT64);
  } finally {
    api.releaseTypeInfo(value);
  }
}

function onnxType(api: Api, type: Pointer): number {
  const out = new BigUint64Array(1);
  check(api, api.getOnnxTypeFromTypeInfo(type, out));
  return Number(out[0]);
}
