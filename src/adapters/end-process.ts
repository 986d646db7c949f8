import { flushCompileCache } from 'node:module';

/**
 * Ends this process at once. Node's own exit waits for calls of the runtime on other threads: for a load, or a run,
 * that nothing can end, as long as it takes.
 */
export async function endProcess(code: number): Promise<never> {
  // Node keeps compiled code at an orderly exit alone.
  flushCompileCache();
  try {
    const { default: koffi } = await import('koffi');
    koffi.load(null).func('_exit', 'void', ['int'])(code);
  } catch {
    // Where koffi or the function is missing, Node's exit has to do.
  }
  process.exit(code);
}
