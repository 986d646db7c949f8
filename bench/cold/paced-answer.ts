import type { ServerResponse } from 'node:http';

/** Milliseconds to the first byte of an answer, and bytes per millisecond that a connection brings: S3's pace. */
export const pace = { firstByteMs: 20, bytesPerMs: 90_000 };

const tickMs = 2;
const sending = new Set<PacedAnswer>();
let timer: NodeJS.Timeout | undefined;

/**
 * Sends a body at S3's pace. One timer drives all of them, so that pacing takes little from the processors it shares.
 */
export class PacedAnswer {
  readonly #response: ServerResponse;
  readonly #body: Buffer;
  #sent = 0;
  #atMs: number;

  constructor(response: ServerResponse, body: Buffer) {
    this.#response = response;
    this.#body = body;
    this.#atMs = performance.now();
    sending.add(this);
    response.once('close', () => sending.delete(this));
    timer ??= setInterval(sendAll, tickMs);
  }

  send(nowMs: number): void {
    const bytes = Math.floor((nowMs - this.#atMs) * pace.bytesPerMs);
    this.#atMs = nowMs;
    // What a receiver that lags behind did not take in time is not made up for.
    if (this.#response.writableNeedDrain) return;
    const end = Math.min(this.#body.length, this.#sent + bytes);
    this.#response.write(this.#body.subarray(this.#sent, end));
    this.#sent = end;
    if (end < this.#body.length) return;
    this.#response.end();
    sending.delete(this);
  }
}

function sendAll(): void {
  const nowMs = performance.now();
  for (const answer of sending) answer.send(nowMs);
  if (sending.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
