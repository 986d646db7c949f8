import koffi, { type LibraryHandle } from 'koffi';
import { check } from './check.ts';
import { functionTable, type NativeFunctions } from './function-table.ts';
import { libraryPath } from './library-path.ts';
import { loadMemoryFunctions, type MemoryFunctions } from './memory-functions.ts';
import type { Pointer } from './native-types.ts';
import { testedVersion } from './tested-version.ts';

const apiVersion = 24;
const logErrors = 3;

// Kernels of deep graphs need a thread's usual stack; only pages that are touched count.
const settings = { async_stack_size: 4 * 1024 * 1024, max_async_calls: 1024 };
const types = {
  pointer: 'void *',
  status: 'void *',
  size: 'size_t',
  int: 'int',
  bool: 'bool',
  text: 'str',
  void: 'void',
} as const;

/** ONNX Runtime's C API, with the objects that all sessions of the process share. */
export interface Api extends NativeFunctions {
  readonly memory: MemoryFunctions;
  /** Held because koffi unloads a library that nothing refers to, and functions found through its tables do not. */
  readonly library: LibraryHandle;
  readonly environment: Pointer;
  /** Says of a tensor's data that it lies in the processor's memory. */
  readonly memoryInfo: Pointer;
  readonly allocator: Pointer;
}

let loading: Promise<Api> | undefined;

/** Loads ONNX Runtime on the first call. Rejects where koffi or the library cannot load, or the library is too old. */
export function ortApi(): Promise<Api> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Api> {
  configure();
  const memory = loadMemoryFunctions();
  const library = koffi.load(libraryPath());
  const [getApi, getVersion] = koffi.decode(library.func('void *OrtGetApiBase()')(), 'void *', 2);
  const version: string = koffi.call(getVersion, koffi.proto('str', []));
  const struct = koffi.call(getApi, koffi.proto('void *', ['uint32_t']), apiVersion);
  if (!struct) throw new Error(`ONNX Runtime ${version} is older than API version ${apiVersion}`);
  if (version !== testedVersion) {
    process.emitWarning(`ONNX Runtime ${version} was found; tested was ${testedVersion}`);
  }
  const functions = bind(struct);
  const environment = await createEnvironment(functions);
  const out = new BigUint64Array(1);
  const create = (status: Pointer | null) => {
    check(functions, status);
    return out[0] as Pointer;
  };
  return {
    ...functions,
    memory,
    library,
    environment,
    memoryInfo: create(functions.createCpuMemoryInfo(1, 0, out)),
    allocator: create(functions.getAllocatorWithDefaultOptions(out)),
  };
}

/** On another thread, as it registers every operator: 20 ms, of 25 for all of this. */
async function createEnvironment(functions: NativeFunctions): Promise<Pointer> {
  const out = new BigUint64Array(1);
  const status = await new Promise<Pointer | null>((resolve, reject) => {
    functions.createEnv.async(logErrors, 'tensorgate', out, (error, result) =>
      error ? reject(error) : resolve(result),
    );
  });
  check(functions, status);
  return out[0] as Pointer;
}

function configure(): void {
  try {
    koffi.config(settings);
  } catch {
    // Refused once a library has been loaded: another user of koffi in this process was first.
  }
}

function bind(struct: Pointer): NativeFunctions {
  const rows = Object.entries(functionTable);
  const addresses = koffi.decode(struct, 'void *', Math.max(...rows.map(([, row]) => row[0])) + 1);
  const functions = rows.map(([name, [position, result, values]]) => {
    const prototype = koffi.proto(
      types[result],
      values.map((kind) => types[kind]),
    );
    return [name, koffi.decode(addresses[position], prototype)];
  });
  return Object.fromEntries(functions);
}
