import type { InferenceRequest, OutputTensor } from '../protocol/inference.ts';
import { KeptOutput } from './kept-output.ts';
import type { ModelVersion } from './model-version.ts';

/** A digest of bytes that nobody can find others for. */
export type Digest = (pieces: readonly Uint8Array[]) => string;

interface Kept {
  readonly outputs: readonly KeptOutput[];
  readonly bytes: number;
}

/** What an entry takes beside its outputs: its key, its place. */
const entryBytes = 256;
const encoder = new TextEncoder();

/**
 * Answers by the version that gave them and all that they were asked with, in so many bytes; those used longest ago go
 * first.
 */
export class ResponseCache {
  readonly maxBytes: number;
  // A Map keeps insertion order; re-inserting on use puts the oldest first.
  readonly #kept = new Map<string, Kept>();
  readonly #ids = new WeakMap<ModelVersion, number>();
  readonly #digest: Digest;
  #lastId = 0;
  #bytes = 0;

  constructor(maxBytes: number, digest: Digest) {
    this.maxBytes = maxBytes;
    this.#digest = digest;
  }

  /** Bytes that are in use. */
  get bytes(): number {
    return this.#bytes;
  }

  get entries(): number {
    return this.#kept.size;
  }

  /**
   * What tells a request to `version` apart from all others. A version that was loaded anew may be another: its files
   * may have changed.
   */
  keyOf(version: ModelVersion, { inputs, outputs }: InferenceRequest): string {
    const head = [
      this.#idOf(version),
      version.loads,
      outputs?.map(({ name, parameters }) => [name, parameters.classification ?? 0]) ?? null,
      inputs.map(({ name, datatype, shape, data }) => [name, datatype, shape, lengthsOf(data)]),
    ];
    return this.#digest([encoder.encode(JSON.stringify(head)), ...inputs.flatMap(({ data }) => data)]);
  }

  get(key: string): readonly OutputTensor[] | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.outputs.map(({ output }) => output);
  }

  /** Keeps a copy, where there is room for it at all. */
  put(key: string, outputs: readonly OutputTensor[]): void {
    const bytes = outputs.reduce((sum, output) => sum + KeptOutput.bytesOf(output), entryBytes);
    if (bytes > this.maxBytes) return;
    this.#remove(key);
    this.#kept.set(key, { outputs: outputs.map((output) => new KeptOutput(output)), bytes });
    this.#bytes += bytes;
    for (const oldest of this.#kept.keys()) {
      if (this.#bytes <= this.maxBytes) return;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }

  #idOf(version: ModelVersion): number {
    const known = this.#ids.get(version);
    if (known !== undefined) return known;
    this.#lastId += 1;
    this.#ids.set(version, this.#lastId);
    return this.#lastId;
  }
}

function lengthsOf(data: Uint8Array | readonly Uint8Array[]): number | readonly number[] {
  return data instanceof Uint8Array ? data.length : data.map((text) => text.length);
}
