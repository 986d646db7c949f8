interface Addresses {
  readonly host: string;
  readonly port: number;
  readonly grpcPort?: number | undefined;
}

/**
 * What to tell of a server that did not start: why its address cannot be had, and what helps; other errors as they are.
 */
export function listenFailure(error: unknown, { host, port, grpcPort }: Addresses): unknown {
  const { code, isGrpc } = error as NodeJS.ErrnoException & { readonly isGrpc?: boolean };
  const [option, wanted] = isGrpc ? ['--grpc-port', grpcPort] : ['--port', port];
  const advice = `give another with ${option}, or ${option} 0 for a free one`;
  const message = {
    EADDRINUSE: `port ${wanted} of ${host} is taken; ${advice}`,
    EACCES: `port ${wanted} of ${host} may not be used by this user; ${advice}`,
    EADDRNOTAVAIL: `${host} is no address of this machine; give one with --host, such as 127.0.0.1`,
    ENOTFOUND: `host ${host} is not known; give an address of this machine with --host, such as 127.0.0.1`,
  }[code ?? ''];
  return message === undefined ? error : new Error(message, { cause: error });
}
