import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Knows the open connections of a server, and how many requests each has in hand. */
export class Connections {
  readonly #requests = new Map<Socket, number>();
  /** Those that have not finished TLS's handshake, by who is at their other end. */
  readonly #unsecured = new Map<string, Socket>();

  constructor(server: Server, isSecure: boolean) {
    if (isSecure) {
      server.on('connection', (socket: Socket) => {
        const peer = peerOf(socket);
        this.#unsecured.set(peer, socket);
        socket.once('close', () => this.#unsecured.delete(peer));
      });
    }
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#unsecured.delete(peerOf(socket));
      this.#requests.set(socket, 0);
      socket.once('close', () => this.#requests.delete(socket));
    });
  }

  began(socket: Socket): void {
    this.#requests.set(socket, (this.#requests.get(socket) ?? 0) + 1);
  }

  ended(socket: Socket): void {
    const requests = this.#requests.get(socket);
    if (requests !== undefined) this.#requests.set(socket, requests - 1);
  }

  /** Ends those with no request in hand: kept alive, opened ahead of need, or with half a handshake or header. */
  endIdle(): void {
    for (const [socket, requests] of this.#requests) if (requests === 0) socket.destroy();
    for (const socket of this.#unsecured.values()) socket.destroy();
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
