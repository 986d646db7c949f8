/** What to tell of a server that did not start: why its address cannot be had, and what helps; other errors as they are. */
export function listenFailure(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const { code } = error as NodeJS.ErrnoException;
  const message = {
    EADDRINUSE: `port ${port} of ${host} is taken; give another with --port, or --port 0 for a free one`,
    EACCES: `port ${port} of ${host} may not be used by this user; give another with --port, or --port 0 for a free one`,
    EADDRNOTAVAIL: `${host} is no address of this machine; give one with --host, such as 127.0.0.1`,
    ENOTFOUND: `host ${host} is not known; give an address of this machine with --host, such as 127.0.0.1`,
  }[code ?? ''];
  return message === undefined ? error : new Error(message, { cause: error });
}
