import type { OpenSession } from '../ports/session.ts';

/** Which way to ONNX Runtime: its C API, onnxruntime-node's binding, or the first that this machine has. */
export type Engine = 'auto' | 'native' | 'binding';

/** Opens sessions by `engine`. Neither engine is loaded before the first session is opened. */
export function openSessionWith(engine: Engine): OpenSession {
  let chosen: Promise<OpenSession> | undefined;
  return async (path, options) => {
    chosen ??= choose(engine);
    const open = await chosen;
    return open(path, options);
  };
}

async function choose(engine: Engine): Promise<OpenSession> {
  if (engine === 'binding') return binding();
  if (engine === 'native') return native();
  try {
    return await native();
  } catch (error) {
    process.emitWarning(
      `ONNX Runtime's C API cannot be used, so its Node binding is (slower, no cancelling): ${error}`,
    );
    return binding();
  }
}

async function native(): Promise<OpenSession> {
  // Imported on demand: koffi throws where it has no build for this machine.
  const [{ ortApi }, { openNativeSession }] = await Promise.all([
    import('./onnx-native/api.ts'),
    import('./onnx-native/open-native-session.ts'),
  ]);
  await ortApi();
  return openNativeSession;
}

async function binding(): Promise<OpenSession> {
  const { openBindingSession } = await import('./onnx-binding/open-binding-session.ts');
  return openBindingSession;
}
