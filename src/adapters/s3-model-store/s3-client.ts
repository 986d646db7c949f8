import type { IncomingMessage } from 'node:http';
import type { AnswerHead } from './answer-head.ts';
import type { Land } from './answer-receiver.ts';
import { bucketUrl } from './bucket-url.ts';
import type { Identity } from './identity.ts';
import { pauseBeforeRetry } from './pause-before-retry.ts';
import { requestPresigner } from './presign-request.ts';
import { readBody } from './read-body.ts';
import { readError } from './read-error.ts';
import { resolveIdentity } from './resolve-identity.ts';
import type { RetryPolicy } from './retry-policy.ts';
import { S3Error } from './s3-error.ts';
import type { S3Request } from './s3-request.ts';
import { sendRequest } from './send-request.ts';
import { requestSigner } from './sign-request.ts';
import { streamAnswer } from './stream-answer.ts';

export interface S3ClientOptions {
  readonly retries: RetryPolicy;
  /** How long S3 may be silent before a request counts as lost. */
  readonly silenceMs: number;
  /** Variables that name credentials, region and endpoint, as for the AWS SDK. */
  readonly environment: NodeJS.ProcessEnv;
}

export interface S3Answer {
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /**
   * Tries that it took: after more than one, an earlier one may have done what was asked before its answer was lost.
   */
  readonly attempts: number;
}

interface Door {
  readonly base: URL;
  readonly sign: ReturnType<typeof requestSigner>;
  readonly identity: Identity;
}

/** Asks one bucket, with signed requests. */
export class S3Client {
  readonly retries: RetryPolicy;
  readonly #bucket: string;
  readonly #options: S3ClientOptions;
  #door: Promise<Door> | undefined;

  constructor(bucket: string, options: S3ClientOptions) {
    this.#bucket = bucket;
    this.#options = options;
    this.retries = options.retries;
  }

  /** Asks once; the answer's body is still to be read. Rejects with an S3Error for any status but 2xx. */
  async send(request: S3Request): Promise<IncomingMessage> {
    const { base, sign } = await this.#open();
    const answer = await sendRequest(base, request, await sign(request), this.#options.silenceMs);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return answer;
    throw await readError(answer);
  }

  /**
   * Asks once, over a connection of its own; pieces of the answer's body go where `begin` says. Rejects as
   * `streamAnswer` does.
   */
  async stream(request: S3Request, begin: (head: AnswerHead) => Land): Promise<void> {
    const { base, sign } = await this.#open();
    await streamAnswer(base, request, await sign(request), this.#options.silenceMs, begin);
  }

  /** Asks until an answer of at most `maxBytes` is there whole; what may pass is tried again. */
  async ask(request: S3Request, maxBytes = 16 * 1024 * 1024): Promise<S3Answer> {
    for (let attempts = 1; ; attempts += 1) {
      try {
        const answer = await this.send(request);
        return { headers: answer.headers, body: await readBody(answer, maxBytes), attempts };
      } catch (error) {
        if (!(error instanceof S3Error && error.isPassing) || attempts >= this.retries.attempts) throw error;
        await pauseBeforeRetry(attempts, this.retries, request.signal);
      }
    }
  }

  /**
   * A URL by which whoever has it may send this request for so many seconds, with the request's headers and any body.
   */
  async presign(request: S3Request, seconds: number, signingDate?: Date): Promise<string> {
    const { base, identity } = await this.#open();
    return requestPresigner(base, identity)(request, seconds, signingDate);
  }

  #open(): Promise<Door> {
    this.#door ??= resolveIdentity(this.#options.environment).then((identity: Identity) => {
      const base = bucketUrl(this.#bucket, identity.region, this.#options.environment);
      return { base, identity, sign: requestSigner(base, identity) };
    });
    // What is missing may be there at the next try, such as a profile that was logged in meanwhile.
    this.#door.catch(() => {
      this.#door = undefined;
    });
    return this.#door;
  }
}
