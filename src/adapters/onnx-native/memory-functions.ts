import koffi from 'koffi';
import type { Memory, NativeFunction, Pointer } from './native-types.ts';

/** Functions of the C library on memory. */
export interface MemoryFunctions {
  readonly copy: NativeFunction<[to: Memory, from: Memory, bytes: number], Pointer>;
  readonly fill: NativeFunction<[at: Memory, byte: number, bytes: number], Pointer>;
  /** Hands freed memory back to the system, where the C library keeps it otherwise (glibc). */
  readonly trim: NativeFunction<[keepBytes: number], number> | undefined;
}

// Of mallopt: how many arenas there are at most, and from which size on memory is the system's own and goes back when
// freed.
const arenaMax = -8;
const mmapThreshold = -3;

/** Finds the functions, and has glibc keep little of what is freed. */
export function loadMemoryFunctions(): MemoryFunctions {
  const library = koffi.load(process.platform === 'win32' ? 'msvcrt.dll' : null);
  const copy = library.func('memcpy', 'void *', ['void *', 'void *', 'size_t']) as MemoryFunctions['copy'];
  const fill = library.func('memset', 'void *', ['void *', 'int', 'size_t']) as MemoryFunctions['fill'];
  try {
    // An arena for each thread, and weights among small allocations, keep what models freed: memory would grow by
    // loads.
    const setOption = library.func('mallopt', 'int', ['int', 'int']);
    setOption(arenaMax, 2);
    setOption(mmapThreshold, 1024 * 1024);
    return { copy, fill, trim: library.func('malloc_trim', 'int', ['size_t']) as NativeFunction<[number], number> };
  } catch {
    return { copy, fill, trim: undefined };
  }
}
