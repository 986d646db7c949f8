/** Undefined where there is no such file or folder; any other error is thrown again. */
export function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
