import type { ModelConfig } from '../ports/model-store.ts';
import type { Run, Session } from '../ports/session.ts';
import { ServiceError } from '../protocol/service-error.ts';

/**
 * Operators at which ONNX Runtime ends the process where a dimension is 0 (`std::terminate`, a division by zero, a read
 * beside the tensor), and whether the first one alone does it. Source: each operator of ONNX 1.23's own tests and those
 * of the runtime's domain, run by 1.30 with each dimension of each input 0.
 */
const deadly: ReadonlyMap<string, 'any' | 'first'> = new Map([
  ['ConvTranspose', 'any'],
  ['DFT', 'any'],
  ['Einsum', 'any'],
  ['GRU', 'any'],
  ['LSTM', 'any'],
  ['STFT', 'any'],
  ['TopK', 'any'],
  ['ai.onnx.ml.FeatureVectorizer', 'any'],
  ['com.microsoft.DynamicQuantizeLSTM', 'any'],
  ['com.microsoft.Inverse', 'any'],
  ['com.microsoft.QAttention', 'any'],
  ['com.microsoft.GroupQueryAttention', 'first'],
]);

/**
 * `session`, but for tensors without elements where its graph has an operator at which the runtime would end the
 * process, with all that is under way there: such runs reject with 400. `operators` are as a graph names them. What an
 * operator is given by others within the graph is not known.
 *
 * Caches and states without a past are how a text or a sound begins: what joins them with what is new takes them. So
 * inputs for which `config` has a shape with a 0, and a decoder's caches, are held to their first dimension alone.
 */
export function sessionRefusingEmpty(
  session: Session,
  operators: readonly string[],
  { warmupShapes, sequence }: Pick<ModelConfig, 'warmupShapes' | 'sequence'>,
): Session {
  const operator = operators.find((each) => deadly.has(each));
  if (!operator) return session;
  const anywhere = operators.find((each) => deadly.get(each) === 'any');
  const mayBegin = (name: string) =>
    name.startsWith('past_key_values.') ||
    warmupShapes[name]?.includes(0) ||
    sequence?.state.some(({ input, shape }) => input === name && shape?.includes(0));
  const check = ({ inputs, inputNames }: Run) => {
    for (const [at, { shape }] of inputs.entries()) {
      if (!shape.includes(0)) continue;
      const name = inputNames[at] as string;
      const reason = shape[0] === 0 ? operator : mayBegin(name) ? undefined : anywhere;
      if (!reason) continue;
      throw new ServiceError(
        400,
        `input '${name}': expected elements, got shape [${shape}], which has none; the model has ${reason}, at which the runtime would end the server then`,
      );
    }
  };
  const { inputs, outputs, unservable, dimensionNames, whyNotCuda, device, runSync, place, openDecoder } = session;
  return {
    inputs,
    outputs,
    unservable,
    dimensionNames,
    whyNotCuda,
    device,
    ...(runSync && {
      runSync(run) {
        check(run);
        return runSync.call(session, run);
      },
    }),
    async run(run, signal) {
      check(run);
      return session.run(run, signal);
    },
    ...(place && { place: place.bind(session) }),
    ...(openDecoder && { openDecoder: openDecoder.bind(session) }),
    release: () => session.release(),
  };
}
