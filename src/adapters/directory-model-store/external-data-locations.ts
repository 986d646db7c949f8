import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';

const windowBytes = 64 * 1024;
const deepest = 64;
const mostFields = 5_000_000;

// Field numbers of onnx.proto3 that lead to tensors, by message.
const messages: Record<string, Record<number, string>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  function: { 7: 'node', 11: 'attribute' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  tensor: { 13: 'entry' },
};

/**
 * The files that the tensors of an ONNX file lie in, as `external_data` names them, each once.
 *
 * Walks the protobuf fields and skips over weights, so that a large model costs little. Rejects with an
 * Error where the file is no well-formed protobuf. Source: onnx.proto3, TensorProto.external_data.
 */
export async function externalDataLocations(path: string): Promise<readonly string[]> {
  const file = await open(path);
  try {
    const walk = new Walk(file, (await file.stat()).size);
    await walk.message('model', 0, walk.size, 0);
    return [...walk.locations];
  } finally {
    await file.close();
  }
}

class Walk {
  readonly locations = new Set<string>();
  readonly size: number;
  readonly #file: FileHandle;
  #window = Buffer.alloc(0);
  #start = 0;
  #fields = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  async message(kind: string, start: number, end: number, depth: number): Promise<void> {
    if (depth > deepest) throw broken('messages are nested too deep');
    let at = start;
    while (at < end) {
      this.#fields += 1;
      if (this.#fields > mostFields) throw broken('it has too many fields');
      const [tag, afterTag] = await this.#tag(at);
      const wire = tag & 7;
      if (wire === 2) {
        const [length, body] = await this.#varint(afterTag);
        at = body + length;
        if (at > end) throw broken('a field is longer than what holds it');
        const child = messages[kind]?.[Math.floor(tag / 8)];
        if (child === 'entry') await this.#entry(body, at);
        else if (child) await this.message(child, body, at, depth + 1);
      } else if (wire === 0) [, at] = await this.#varint(afterTag);
      else if (wire === 1) at = afterTag + 8;
      else if (wire === 5) at = afterTag + 4;
      else throw broken(`a field has the unknown wire type ${wire}`);
    }
    if (at > end) throw broken('it ends within a field');
  }

  async #entry(start: number, end: number): Promise<void> {
    if (end - start > windowBytes / 2) throw broken('an external data entry is too long');
    const texts: Record<number, string> = {};
    for (let at = start; at < end; ) {
      const [tag, afterTag] = await this.#tag(at);
      const [length, body] = await this.#varint(afterTag);
      if ((tag & 7) !== 2 || body + length > end) throw broken('an external data entry is malformed');
      const text = await this.#bytes(body, length);
      if (!isUtf8(text)) throw broken('an external data entry is not UTF-8');
      texts[Math.floor(tag / 8)] = text.toString('utf8');
      at = body + length;
    }
    if (texts[1] === 'location') this.locations.add(texts[2] ?? '');
  }

  /** A tag takes 32 bits; some parsers drop the bits above and so see another field. */
  async #tag(at: number): Promise<[tag: number, next: number]> {
    const [tag, next] = await this.#varint(at);
    if (tag > 0xffffffff || next - at > 5) throw broken('a field number is too large');
    return [tag, next];
  }

  async #varint(at: number): Promise<[value: number, next: number]> {
    let value = 0;
    for (let i = 0; i < 10; i += 1) {
      if (at + i >= this.size) throw broken('it ends within a field');
      const index = at + i - this.#start;
      const byte =
        this.#window[index] !== undefined && index >= 0
          ? (this.#window[index] as number)
          : ((await this.#bytes(at + i, 1))[0] as number);
      value += (byte & 127) * 2 ** (7 * i);
      if (byte < 128) return [value, at + i + 1];
    }
    throw broken('a number is longer than 10 bytes');
  }

  async #bytes(at: number, length: number): Promise<Buffer> {
    const index = at - this.#start;
    if (index < 0 || index + length > this.#window.length) {
      const buffer = Buffer.alloc(Math.min(windowBytes, this.size - at));
      const { bytesRead } = await this.#file.read(buffer, 0, buffer.length, at);
      this.#window = buffer.subarray(0, bytesRead);
      this.#start = at;
      if (bytesRead < length) throw broken('it ends within a field');
      return this.#window.subarray(0, length);
    }
    return this.#window.subarray(index, index + length);
  }
}

function broken(reason: string): Error {
  return new Error(`not a well-formed ONNX file: ${reason}`);
}
