import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { look } from './look.ts';
import { untilQuiet } from './until-quiet.ts';

interface Use {
  requests: number;
  /** Whether a request has come on it. */
  isUsed: boolean;
  /** When it was accepted, or its last request was answered; by `performance.now()`. */
  sinceMs: number;
}

const lookMs = 10;
// A caller that is in the midst of a series of requests comes again sooner.
const nextRequestMs = 250;
// One that the system holds up may be silent for longer on a connection that it has opened for its request.
const firstRequestMs = 2000;
// Looks, not time: where the system held the process up for a second, as many as came meanwhile wait to be accepted.
const mostLooks = 100;

/** Knows the open connections of a server, and how many requests each has in hand. */
export class Connections {
  readonly #uses = new Map<Socket, Use>();
  /** Those that have not finished TLS's handshake, by who is at their other end. */
  readonly #unsecured = new Map<string, { readonly socket: Socket; readonly sinceMs: number }>();
  #accepted = 0;

  constructor(server: Server, isSecure: boolean) {
    server.on('connection', (socket: Socket) => {
      this.#accepted += 1;
      if (!isSecure) return;
      const peer = peerOf(socket);
      this.#unsecured.set(peer, { socket, sinceMs: performance.now() });
      socket.once('close', () => this.#unsecured.delete(peer));
    });
    server.on(isSecure ? 'secureConnection' : 'connection', (socket: Socket) => {
      this.#unsecured.delete(peerOf(socket));
      this.#uses.set(socket, { requests: 0, isUsed: false, sinceMs: performance.now() });
      socket.once('close', () => this.#uses.delete(socket));
    });
  }

  began(socket: Socket): void {
    const use = this.#uses.get(socket);
    if (!use) return;
    use.requests += 1;
    use.isUsed = true;
  }

  /** `isLast`: the connection ends with this answer, where it has no other in hand. */
  ended(socket: Socket, isLast: boolean): void {
    const use = this.#uses.get(socket);
    if (!use) return;
    use.requests -= 1;
    use.sinceMs = performance.now();
    if (isLast && use.requests === 0) socket.destroySoon();
  }

  /**
   * Resolves once no connection has come for a moment, or after a while: where a server stops listening, the system
   * cuts those that wait to be accepted. Node accepts one in each turn of the event loop.
   */
  allAccepted(): Promise<void> {
    let left = mostLooks;
    return untilQuiet(
      () => this.#accepted,
      lookMs,
      () => left-- === 0,
    );
  }

  /**
   * Ends those with no request in hand: kept alive, opened ahead of need, or with half a handshake or header. A request
   * may be on its way to those that are young, for which they have a while, within `graceMs`.
   */
  async endIdle(graceMs: number): Promise<void> {
    for (let isYoung = true; isYoung; ) {
      await look(Math.min(lookMs, graceMs));
      isYoung = false;
      for (const { socket, isUsed, sinceMs } of this.#idle()) {
        const patienceMs = Math.min(isUsed ? nextRequestMs : firstRequestMs, graceMs);
        if (performance.now() - sinceMs < patienceMs) isYoung = true;
        else socket.destroy();
      }
    }
  }

  *#idle(): Iterable<Pick<Use, 'isUsed' | 'sinceMs'> & { readonly socket: Socket }> {
    for (const [socket, { requests, isUsed, sinceMs }] of this.#uses)
      if (requests === 0) yield { socket, isUsed, sinceMs };
    for (const { socket, sinceMs } of this.#unsecured.values()) yield { socket, isUsed: false, sinceMs };
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
