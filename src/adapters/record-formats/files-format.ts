import { joined } from '../../core/batch/joined.ts';
import { readBytes } from '../../core/batch/read-bytes.ts';
import { splitLines } from '../../core/batch/split-lines.ts';
import { workFolder } from '../../core/batch/work-files.ts';
import type { FileReader, ObjectStore, StoredFile } from '../../ports/object-store.ts';
import type { InputRecord, RecordFields, RecordFormat, Shard } from '../../ports/record-format.ts';
import { countElements } from '../../protocol/count-elements.ts';
import { elementBytes } from '../../protocol/element-bytes.ts';
import type { RecordInput } from '../../protocol/record-input.ts';
import { ServiceError } from '../../protocol/service-error.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import type { BatchManifest } from '../batch-manifest/batch-manifest.ts';
import { type DecodeFile, openFileDecoder } from '../file-decoding/open-file-decoder.ts';
import { contentDigest } from './content-digest.ts';

export interface FilesOptions {
  /** Where the files are. */
  readonly files: ObjectStore;
  /** Where the list of them is kept, so that what is added later changes nothing. */
  readonly work: ObjectStore;
  readonly manifest: BatchManifest;
  readonly maxFileBytes: number;
}

// Read at once.
const togetherFiles = 16;
const togetherBytes = 32 * 1024 * 1024;
// What one takes in a shard whose size is not known.
const usualBytes = 256 * 1024;

/** Files that are a record each, as a manifest lists them or by a prefix. Shards are of lines of the list, in bytes. */
export class FilesFormat implements RecordFormat {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  async plan(
    _store: FileReader,
    manifest: StoredFile,
    shardBytes: number,
    { inputs }: RecordFields,
  ): Promise<readonly Shard[]> {
    await this.#decoder(inputs);
    const { work } = this.#options;
    const name = listName(manifest);
    if (!(await work.find(name))) await work.create(name, joined(await this.#list(manifest)));
    const list = await this.#listOf(manifest);
    const shards: Shard[] = [];
    let start = 0;
    let bytes = 0;
    let records = 0;
    let firstRecord = 0;
    const cut = (end: number) => {
      if (records > 0) shards.push({ index: shards.length, start, end, firstRecord, records });
      firstRecord += records;
      [start, bytes, records] = [end, 0, 0];
    };
    for await (const lines of splitLines(work.read(list), wholeLines)) {
      for (const line of lines) {
        records += 1;
        bytes += parseLine(line.text).bytes ?? usualBytes;
        if (bytes >= shardBytes) cut(line.offset + line.length);
      }
    }
    cut(list.bytes);
    return shards;
  }

  async *read(
    _store: FileReader,
    manifest: StoredFile,
    shard: Shard,
    { inputs, kept }: RecordFields,
  ): AsyncIterable<readonly InputRecord[]> {
    const decode = await this.#decoder(inputs);
    const list = await this.#listOf(manifest);
    const options = { ...wholeLines, offset: shard.start };
    let number = shard.firstRecord;
    for await (const lines of splitLines(this.#options.work.read(list, shard.start, shard.end), options)) {
      for await (const some of this.#inGroups(lines.map(({ text }) => parseLine(text)))) {
        const found = await Promise.all(some.map((file) => this.#open(file, decode)));
        yield found.map((file) => recordOf(number++, file, { inputs, kept }));
      }
    }
  }

  #decoder(inputs: readonly RecordInput[]): Promise<DecodeFile> {
    const [input, ...others] = inputs;
    if (input && others.length === 0) return openFileDecoder(input, this.#options.manifest.decode);
    throw new ServiceError(
      400,
      `a file fills one input, and the model has ${inputs.length}; give a file of records (.jsonl, .parquet)`,
    );
  }

  async #list({ key }: StoredFile): Promise<readonly Uint8Array[]> {
    const { files: names, prefix = '' } = this.#options.manifest;
    const folder = key.slice(0, key.lastIndexOf('/') + 1);
    const found = names
      ? names.map((name) => ({ key: folder + name, name }))
      : (await this.#options.files.list(folder + prefix))
          .filter((file) => !file.key.endsWith('.manifest.json'))
          .map((file) => ({ ...file, name: file.key.slice(folder.length) }));
    return found.map((file) => new TextEncoder().encode(`${JSON.stringify(file)}\n`));
  }

  async #listOf(manifest: StoredFile): Promise<StoredFile> {
    const list = await this.#options.work.find(listName(manifest));
    if (list) return list;
    throw new ServiceError(409, `the list of files of '${manifest.key}' is not there; start a new job`);
  }

  /** Files of few bytes together, with what the store says of those that the list does not. */
  async *#inGroups(files: readonly ListedFile[]): AsyncIterable<readonly KnownFile[]> {
    let group: KnownFile[] = [];
    let bytes = 0;
    for (const { key, name, bytes: size, version } of files) {
      const isListed = size !== undefined && version !== undefined;
      const file = isListed ? { key, bytes: size, version } : await this.#options.files.find(key);
      if (group.length > 0 && (group.length === togetherFiles || bytes + (file?.bytes ?? 0) > togetherBytes)) {
        yield group;
        [group, bytes] = [[], 0];
      }
      group.push({ name, file });
      bytes += file?.bytes ?? 0;
    }
    if (group.length > 0) yield group;
  }

  async #open({ name, file }: KnownFile, decode: DecodeFile): Promise<OpenFile> {
    const { files, maxFileBytes } = this.#options;
    try {
      if (!file) throw new ServiceError(404, `there is no file '${name}'`);
      if (file.bytes > maxFileBytes) {
        throw new ServiceError(413, `the file is ${file.bytes} bytes, more than the ${maxFileBytes} that one may have`);
      }
      return { name, bytes: file.bytes, content: await decode(await readBytes(files, file)) };
    } catch (error) {
      // Faults of the store are the job's, to be tried again.
      if (error instanceof ServiceError && error.status < 500) return { name, bytes: 0, content: error };
      throw error;
    }
  }
}

/** A line of the list; of a file that the manifest names, without what only the store knows. */
interface ListedFile {
  readonly key: string;
  readonly name: string;
  readonly bytes?: number;
  readonly version?: string;
}

interface KnownFile {
  readonly name: string;
  readonly file: StoredFile | undefined;
}

interface OpenFile {
  readonly name: string;
  readonly bytes: number;
  /** What the model takes of it, or why that cannot be had. */
  readonly content: Tensor | ServiceError;
}

const wholeLines = { maxBytes: 64 * 1024, offset: 0 };

function parseLine(text: Uint8Array): ListedFile {
  return JSON.parse(new TextDecoder().decode(text)) as ListedFile;
}

function recordOf(number: number, { name, bytes, content }: OpenFile, { inputs, kept }: RecordFields): InputRecord {
  return {
    number,
    offset: 0,
    // A picture takes more as a tensor than as a file, and both are held.
    bytes: bytes + tensorBytes(inputs),
    decode: () => {
      if (content instanceof ServiceError) throw content;
      return {
        tensors: [content],
        kept: kept.map((field) => (field === 'file' ? JSON.stringify(name) : undefined)),
      };
    },
    toJson: () => JSON.stringify({ file: name }),
  };
}

function tensorBytes(inputs: readonly RecordInput[]): number {
  return inputs.reduce((sum, { datatype, shape }) => {
    const elements = countElements(shape.map((size) => Math.max(1, size)));
    return sum + elements * (datatype === 'BYTES' ? 0 : elementBytes[datatype]);
  }, 0);
}

function listName(manifest: StoredFile): string {
  return `${workFolder}files-${contentDigest(manifest)}.jsonl`;
}
