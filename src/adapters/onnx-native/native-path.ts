/** A path as the runtime takes it, which is as the system does: UTF-16 on Windows, bytes elsewhere. */
export function nativePath(path: string): Buffer {
  return Buffer.from(`${path}\0`, process.platform === 'win32' ? 'utf16le' : 'utf8');
}
