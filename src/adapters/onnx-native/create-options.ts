import type { SessionOptions } from '../../ports/session.ts';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

// Errors come back as statuses; logged as well, they would stand in the log twice, cancelled runs among them.
const logFatal = 4;

/** Levels of ONNX Runtime's graph optimization. Source: GraphOptimizationLevel in onnxruntime_c_api.h. */
export const optimization = { none: 0, all: 99 } as const;

/** Options of a session; whoever makes a session with them releases them. */
export function createOptions(
  api: Api,
  { intraOpThreads, spinning, plansMemory = true }: Pick<SessionOptions, 'intraOpThreads' | 'spinning' | 'plansMemory'>,
  level: number,
): Pointer {
  const out = new BigUint64Array(1);
  check(api, api.createSessionOptions(out));
  const options = out[0] as Pointer;
  check(api, api.setSessionLogSeverityLevel(options, logFatal));
  check(api, api.setSessionGraphOptimizationLevel(options, level));
  if (!plansMemory) check(api, api.disableMemoryPattern(options));
  check(api, api.setIntraOpNumThreads(options, intraOpThreads));
  check(api, api.setInterOpNumThreads(options, 1));
  // A thread that spins while it waits takes a processor from other models.
  check(api, api.addSessionConfigEntry(options, 'session.intra_op.allow_spinning', spinning ? '1' : '0'));
  check(api, api.addSessionConfigEntry(options, 'session.inter_op.allow_spinning', '0'));
  return options;
}
