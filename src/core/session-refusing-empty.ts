import type { Run, Session } from '../ports/session.ts';
import { ServiceError } from '../protocol/service-error.ts';

/**
 * Operators at which ONNX Runtime ends the process where a dimension is 0 (`std::terminate`, a division by zero, a read
 * beside the tensor), and which dimensions those are. Source: each operator of ONNX 1.23's own tests and those of the
 * runtime's domain, run by 1.30 with each dimension of each input 0.
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
  // Caches of 0 tokens are how a text begins.
  ['com.microsoft.GroupQueryAttention', 'first'],
]);

/**
 * `session`, but for tensors without elements where its graph has an operator at which the runtime would end the
 * process, with all that is under way there: such runs reject with 400. `operators` are as a graph names them. What an
 * operator is given by others within the graph is not known.
 */
export function sessionRefusingEmpty(session: Session, operators: readonly string[]): Session {
  const among = (dimensions: string) => operators.find((operator) => deadly.get(operator) === dimensions);
  const [anywhere, first] = [among('any'), among('first')];
  if (!anywhere && !first) return session;
  const check = ({ inputs, inputNames }: Run) => {
    for (const [at, { shape }] of inputs.entries()) {
      const operator = (shape.includes(0) && anywhere) || (shape[0] === 0 && first);
      if (!operator) continue;
      throw new ServiceError(
        400,
        `input '${inputNames[at]}': expected elements, got shape [${shape}], which has none; the model has ${operator}, at which the runtime would end the server then`,
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
