/** Why a file or folder that somebody named cannot be read. */
export function whyUnreadable(path: string, { code, message }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT') return `there is no file ${path}`;
  if (code === 'EISDIR') return `${path} is a folder: expected a file`;
  if (code === 'EACCES') return `${path} may not be read by this user`;
  return `${path} cannot be read: ${message}`;
}
