import koffi from 'koffi';
import type { Memory, NativeFunction, Pointer } from './native-types.ts';

/** Functions of the C library on memory. */
export interface MemoryFunctions {
  readonly copy: NativeFunction<[to: Memory, from: Memory, bytes: number], Pointer>;
  /** Hands freed memory back to the system, where the C library keeps it otherwise (glibc). */
  readonly trim: NativeFunction<[keepBytes: number], number> | undefined;
}

const arenaMax = -8;

/** Finds the functions, and has glibc keep few arenas. */
export function loadMemoryFunctions(): MemoryFunctions {
  const library = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
  const copy = library.func('memcpy', 'void *', ['void *', 'void *', 'size_t']) as MemoryFunctions['copy'];
  try {
    // An arena for each thread keeps what models freed: memory would grow with every load.
    library.func('mallopt', 'int', ['int', 'int'])(arenaMax, 2);
    return { copy, trim: library.func('malloc_trim', 'int', ['size_t']) as NativeFunction<[number], number> };
  } catch {
    return { copy, trim: undefined };
  }
}
