/** That there is no model repository at a path, by what the system says of it. */
export function noRepository(path: string, cause: Pick<NodeJS.ErrnoException, 'code'>): Error {
  if (cause.code === 'EACCES') return new Error(`the model repository ${path} may not be read by this user`, { cause });
  const which = cause.code === 'ENOTDIR' ? ', which is a file' : '';
  const expected = 'expected a folder with <model>/<version>/model.onnx, which tensorgate push makes';
  return new Error(`there is no model repository at ${path}${which}: ${expected}`, { cause });
}
