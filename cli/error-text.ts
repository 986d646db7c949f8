const reasons: Readonly<Record<string, string>> = {
  EACCES: 'there is no permission for it',
  EPERM: 'there is no permission for it',
  EROFS: 'it is on a disk that is only for reading',
  ENOSPC: 'the disk is full; make room, and give the same command again',
  EDQUOT: 'your share of the disk is used up; make room, and give the same command again',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
};

/** What went wrong, for whoever gave the command: what the system says by its codes, in words. */
export function errorText(error: unknown): string {
  const { code = '', path, syscall, message } = error as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined) return error instanceof Error ? message : String(error);
  return `${syscall ?? 'the system'}${path === undefined ? '' : ` '${path}'`}: ${reason}`;
}
