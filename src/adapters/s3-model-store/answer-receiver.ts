import { type AnswerHead, parseAnswerHead } from './answer-head.ts';
import { maxErrorBytes } from './max-error-bytes.ts';
import { S3Error } from './s3-error.ts';
import { saidError } from './said-error.ts';

/** Takes a piece of a body, whose memory is reused once the promise is settled. */
export type Land = (piece: Buffer) => Promise<unknown>;

const pieceBytes = 128 * 1024;
// With less room than this left in a piece, reads would be small: it is handed on as it is.
const leastRoomBytes = 32 * 1024;
const maxHeadBytes = 64 * 1024;
// Pieces that may wait for the disk before no more is read; TLS hands on what it has decrypted even then.
const maxWaiting = 2;

/** Cuts what a socket reads into an answer's head and pieces of its body, in memory that it uses again and again. */
export class AnswerReceiver {
  /**
   * Settles once all of the body has landed. Rejects with an S3Error for any status but 2xx and after a cut, with what
   * `begin` threw or landing rejected with.
   */
  readonly whole: Promise<void>;
  readonly #begin: (head: AnswerHead) => Land;
  readonly #onRoom: () => void;
  readonly #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  readonly #spare: Buffer[] = [];
  #piece: Buffer = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  #left = Number.POSITIVE_INFINITY;
  #land: Land | undefined;
  #refusal: { readonly head: AnswerHead; text: string } | undefined;
  #waiting = 0;
  #landing: Promise<unknown> = Promise.resolve();

  /**
   * @param begin is told of the head of an answer that S3 gives, and says where its body lands
   * @param onRoom is called when reading may go on
   */
  constructor(begin: (head: AnswerHead) => Land, onRoom: () => void) {
    this.#begin = begin;
    this.#onRoom = onRoom;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.whole = promise;
    this.#settle = { resolve, reject };
  }

  /** Where the next read is to go. */
  room(): Buffer {
    return this.#piece.subarray(this.#filled);
  }

  /**
   * Takes in so many bytes that were read into the room; whether to read on. Throws where they are no answer to go on
   * with.
   */
  take(bytes: number): boolean {
    this.#filled += bytes;
    if (!this.#land && !this.#takeHead()) return true;
    if (this.#filled >= this.#left || this.#filled > pieceBytes - leastRoomBytes) this.#handOn();
    if (this.#left === 0) this.end();
    return this.#waiting < maxWaiting;
  }

  /** Nothing more comes, for this reason if it was not all: what came before it lands all the same. */
  end(reason: Error = new S3Error(0, 'Cut', 'the connection to S3 was cut off')): void {
    if (this.#land && this.#filled > 0) this.#handOn();
    this.#landing.then(() => {
      const { head, text } = this.#refusal ?? {};
      if (head) this.#settle.reject(saidError(head.status, head.headers['x-amz-bucket-region'], text ?? ''));
      else if (this.#left === 0) this.#settle.resolve();
      else this.#settle.reject(reason);
    }, this.#settle.reject);
  }

  #takeHead(): boolean {
    const end = this.#piece.subarray(0, this.#filled).indexOf('\r\n\r\n');
    if (end < 0 && this.#filled < maxHeadBytes) return false;
    const head = parseAnswerHead(this.#piece.toString('latin1', 0, Math.max(0, end)));
    this.#piece.copyWithin(0, end + 4, this.#filled);
    this.#filled -= end + 4;
    const length = /^[0-9]{1,15}$/.exec(head.headers['content-length'] ?? '')?.[0];
    if (length !== undefined) this.#left = Number(length);
    if (head.status < 300) {
      if (length === undefined) throw new S3Error(head.status, 'NoLength', 'S3 did not say how long its answer is');
      this.#land = this.#begin(head);
    } else {
      const refusal = { head, text: '' };
      this.#refusal = refusal;
      this.#land = async (piece) => {
        refusal.text = (refusal.text + piece).slice(0, maxErrorBytes);
      };
    }
    return true;
  }

  #handOn(): void {
    const piece = this.#piece;
    const bytes = Math.min(this.#filled, this.#left);
    this.#left -= bytes;
    this.#filled = 0;
    this.#piece = this.#spare.pop() ?? Buffer.allocUnsafeSlow(pieceBytes);
    this.#waiting += 1;
    this.#landing = this.#landing.then(() => this.#land?.(piece.subarray(0, bytes)));
    this.#landing.then(() => {
      this.#waiting -= 1;
      this.#spare.push(piece);
      this.#onRoom();
    }, this.#settle.reject);
  }
}
