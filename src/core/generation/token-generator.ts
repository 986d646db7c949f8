import type { GeneratedToken } from './generation.ts';

export type TokenResult = IteratorResult<GeneratedToken, void>;

/** Tokens as they come, for a caller who may leave: what is not of `next` and `return` follows from these. */
export abstract class TokenGenerator implements AsyncGenerator<GeneratedToken, void> {
  abstract next(): Promise<TokenResult>;

  abstract return(): Promise<TokenResult>;

  async throw(error: unknown): Promise<TokenResult> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
