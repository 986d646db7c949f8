/** Whether a path in a version's folder is plain: it leads nowhere else, and none of its parts is hidden. */
export function isSafeFile(path: string): boolean {
  return path.split('/').every((part) => isPlainPart(part));
}

function isPlainPart(part: string): boolean {
  if (part === '' || part.startsWith('.') || part.includes('\\') || Buffer.byteLength(part) > 255) return false;
  return [...part].every((sign) => sign >= ' ' && sign !== '\u007f');
}
