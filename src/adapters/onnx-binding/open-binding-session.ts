import { InferenceSession } from 'onnxruntime-node';
import type { OpenSession } from '../../ports/session.ts';
import { BindingSession } from './binding-session.ts';

const logFatal = 4;

/**
 * Opens a model with onnxruntime-node's own binding: for machines where the C API cannot be reached, and as the
 * reference for the engine that reaches it.
 *
 * What it lacks: opening and running block the thread, a run under way cannot be cancelled, BF16 models
 * and sequences are refused, and BYTES must be UTF-8 without zero bytes.
 */
export const openBindingSession: OpenSession = async (path, { intraOpThreads }) => {
  const session = await InferenceSession.create(path, {
    intraOpNumThreads: intraOpThreads,
    interOpNumThreads: 1,
    logSeverityLevel: logFatal,
    // A thread that spins while it waits takes a processor from other models.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  return new BindingSession(session);
};
