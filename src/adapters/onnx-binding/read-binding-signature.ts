import type { InferenceSession } from 'onnxruntime-node';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { checkServable } from '../onnx-native/check-servable.ts';
import type { Signature } from '../onnx-native/read-signature.ts';
import { datatypes } from './datatypes.ts';

/**
 * What a session's model takes and gives; `shapeless` names those of whose shape it says nothing. Throws where it
 * cannot be fed, or gives nothing that can be answered.
 */
export function readBindingSignature(session: InferenceSession, shapeless: ReadonlySet<string>): Signature {
  const { inputMetadata, outputMetadata } = session;
  const sequence = inputMetadata.find((input) => !input.isTensor);
  if (sequence) throw new Error(`input '${sequence.name}' cannot be fed: it is no tensor`);
  const signature = {
    inputs: inputMetadata.flatMap((value) => describe(value, shapeless)),
    outputs: outputMetadata.flatMap((value) => describe(value, shapeless)),
    unservable: outputMetadata
      .filter((output) => !output.isTensor)
      .map(({ name }) => ({ name, reason: 'it is no tensor, and the binding cannot read it; use the native engine' })),
    dimensionNames: new Map(inputMetadata.flatMap(dimensionNames)),
  };
  checkServable(signature);
  return signature;
}

function dimensionNames(value: InferenceSession.ValueMetadata): [string, readonly string[]][] {
  const isFree = value.isTensor && value.shape.some((size) => typeof size === 'string');
  return isFree ? [[value.name, value.shape.map((size) => (typeof size === 'string' ? size : ''))]] : [];
}

function describe(value: InferenceSession.ValueMetadata, shapeless: ReadonlySet<string>): TensorSpec[] {
  if (!value.isTensor) return [];
  const { name, type, shape } = value;
  const datatype = datatypes[type];
  if (!datatype) throw new Error(`'${name}' is of type ${type}, which has no datatype in the protocol`);
  // The runtime finds some shapes out that the file leaves unsaid.
  if (shape.length === 0 && shapeless.has(name)) return [{ name, datatype, shape: [-1], anyRank: true }];
  return [{ name, datatype, shape: shape.map((size) => (typeof size === 'number' ? size : -1)) }];
}
