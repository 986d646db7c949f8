export interface NpyHeader {
  /** NumPy's type, such as `<f4`. */
  readonly type: string;
  /** Whether the first index runs quickest. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Where the data starts. */
  readonly start: number;
}

/** Reads the header of a NumPy file. Throws an Error where it is none. Source: numpy.lib.format, versions 1 to 3. */
export function readNpyHeader(file: string, bytes: Uint8Array): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isNpy = bytes.length >= 12 && String.fromCharCode(...bytes.subarray(1, 6)) === 'NUMPY' && bytes[0] === 0x93;
  if (!isNpy) throw new Error(`${file} is no .npy file`);
  const major = bytes[6] as number;
  if (major < 1 || major > 3) throw new Error(`${file}: expected .npy version 1 to 3, got ${major}`);
  const textStart = major === 1 ? 10 : 12;
  const start = textStart + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) throw new Error(`${file} ends within its header`);
  const text = new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes.subarray(textStart, start));
  const type = /'descr':\s*'([^']*)'/.exec(text)?.[1] ?? 'a structured type';
  const order = /'fortran_order':\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape':\s*\(([0-9, ]*)\)/.exec(text)?.[1];
  if (order === undefined || sizes === undefined) throw new Error(`${file}: its header does not parse`);
  const shape = sizes
    .split(',')
    .filter((size) => size.trim() !== '')
    .map(Number);
  return { type, isFortran: order === 'True', shape, start };
}
