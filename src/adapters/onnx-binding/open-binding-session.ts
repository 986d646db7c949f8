import { InferenceSession } from 'onnxruntime-node';
import { shapelessValues } from '../../graph/shapeless-values.ts';
import type { OpenSession, SessionOptions } from '../../ports/session.ts';
import { readFileModel } from '../onnx-files/read-file-model.ts';
import { elementTypeName } from '../onnx-native/element-type-name.ts';
import { loadFailure } from '../onnx-native/load-failure.ts';
import { BindingSession } from './binding-session.ts';
import { readBindingSignature } from './read-binding-signature.ts';

const logFatal = 4;

/**
 * Opens a model with onnxruntime-node's own binding: for machines where the C API cannot be reached, and as the
 * reference for the engine that reaches it.
 *
 * What it lacks: opening and running block the thread, a run under way cannot be cancelled, BF16 models
 * and sequences are refused, and BYTES must be UTF-8 without zero bytes.
 */
export const openBindingSession: OpenSession = async (path, options) => {
  const { cuda } = options;
  const whyNotCuda = cuda && 'the native engine alone runs models on a GPU: start without --engine binding';
  if (whyNotCuda && !cuda.orCpu) throw new Error(`it is to run on a GPU, and ${whyNotCuda}`);
  const session = await create(path, options);
  try {
    const shapeless = shapelessValues(await readFileModel(path));
    // The binding gives a scalar's shape for a shape that the model does not tell.
    return new BindingSession(session, readBindingSignature(session, shapeless), whyNotCuda);
  } catch (error) {
    await session.release();
    throw error;
  }
};

async function create(
  path: string,
  { intraOpThreads, spinning, plansMemory = true, isPrepared }: SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      intraOpNumThreads: intraOpThreads,
      enableMemPattern: plansMemory,
      graphOptimizationLevel: isPrepared ? 'disabled' : 'all',
      interOpNumThreads: 1,
      logSeverityLevel: logFatal,
      // A thread that spins while it waits takes a processor from other models.
      extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
    });
  } catch (error) {
    const elementType = /^Unsupported data type: (\d+)$/.exec((error as Error).message)?.[1];
    if (elementType === undefined) throw loadFailure(error, path);
    const name = elementTypeName(Number(elementType));
    throw new Error(`an input or output is ${name}, which the binding cannot hold; use the native engine`, {
      cause: error,
    });
  }
}
