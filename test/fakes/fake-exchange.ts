import type { Exchange, ExchangeAccess } from '../../src/ports/exchange.ts';

/** An exchange in memory. */
export class FakeExchange implements ExchangeAccess {
  maxUploadBytes = 1000;
  readonly uploads = new Map<string, Uint8Array>();
  readonly results: Uint8Array[] = [];
  /** What was read so far. */
  readonly reads: string[] = [];
  /** Awaited before each read and each result is stored. */
  transfer: (signal: AbortSignal) => Promise<void> = async () => undefined;
  opened = 0;

  async open(): Promise<Exchange> {
    this.opened += 1;
    const expiresAt = new Date('2026-11-25T12:00:00Z');
    return {
      createUpload: async (bytes) => ({
        reference: 'uploads/new',
        url: `https://data/uploads/new?${bytes}`,
        headers: bytes === undefined ? {} : { 'content-length': String(bytes) },
        expiresAt,
      }),
      findUpload: async (reference) => {
        const content = this.uploads.get(reference);
        const read = async (signal: AbortSignal) => {
          await this.transfer(signal);
          this.reads.push(reference);
          return content as Uint8Array;
        };
        return content && { bytes: content.length, read };
      },
      putResult: async (content, signal) => {
        await this.transfer(signal);
        this.results.push(content);
        return { url: `https://data/results/${this.results.length}`, expiresAt };
      },
    };
  }
}
