import type { ByteWriter, ParquetWriter, SchemaElement } from 'hyparquet-writer';
import { answerOf } from '../../core/batch/answer-of.ts';
import type { FileReader, StoredFile } from '../../ports/object-store.ts';
import type { AnsweredRecord, Part, PartWriter } from '../../ports/part-writer.ts';
import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import { keptColumn } from './kept-column.ts';
import { outputColumn } from './output-column.ts';
import { ParquetFile } from './parquet-file.ts';
import type { PartColumn } from './part-column.ts';

// What is held until a row group is written.
const groupBytes = 8 * 1024 * 1024;
const groupRows = 64 * 1024;

/**
 * Parts of Parquet, a row for each record: the columns that are kept, as the input has them, and a column for each
 * output.
 */
export class ParquetParts implements PartWriter {
  readonly extension = 'parquet';
  readonly #kept: readonly string[];
  readonly #outputs: readonly TensorSpec[];

  constructor(kept: readonly string[], outputs: readonly TensorSpec[]) {
    this.#kept = kept;
    this.#outputs = outputs;
  }

  async begin(store: FileReader, file: StoredFile): Promise<Part> {
    const [{ ByteWriter, ParquetWriter }, { schema }] = await Promise.all([
      import('hyparquet-writer'),
      ParquetFile.open(store, file),
    ]);
    const found = this.#kept.flatMap((name, index) => {
      const node = schema.children.find(({ element }) => element.name === name);
      return node ? [keptColumn(node, index)] : [];
    });
    const kept = found.length > 0 ? found : [recordColumn];
    const columns = (first?: AnsweredRecord) => [
      ...kept,
      ...this.#outputs.map((spec, index) => outputColumn(spec, index, first)),
    ];
    return new ParquetPart(columns, (elements) => {
      const bytes = new ByteWriter();
      return { bytes, writer: new ParquetWriter({ writer: bytes, schema: elements }) };
    });
  }
}

const recordColumn: PartColumn = {
  schema: [{ name: 'record', type: 'INT64', repetition_type: 'REQUIRED' }],
  take: ({ number }) => BigInt(number),
};

interface Sink {
  readonly bytes: ByteWriter;
  readonly writer: ParquetWriter;
}

class ParquetPart implements Part {
  readonly #columnsFor: (first?: AnsweredRecord) => readonly PartColumn[];
  readonly #open: (schema: SchemaElement[]) => Sink;
  #columns: readonly PartColumn[] | undefined;
  #sink: Sink | undefined;
  #values: unknown[][] = [];
  #bytes = 0;

  constructor(columnsFor: (first?: AnsweredRecord) => readonly PartColumn[], open: (schema: SchemaElement[]) => Sink) {
    this.#columnsFor = columnsFor;
    this.#open = open;
  }

  add(record: AnsweredRecord): void {
    this.#columns ??= this.#columnsFor(record);
    // All of them before the first is taken: one that is refused leaves no row that is half there.
    const values = this.#columns.map(({ take }) => take(record));
    for (const [index, value] of values.entries()) {
      const column = this.#values[index] ?? [];
      this.#values[index] = column;
      column.push(value);
    }
    for (const output of record.outputs) {
      this.#bytes += answerOf(output, record).data.length;
    }
  }

  take(): readonly Uint8Array[] {
    const rows = this.#values[0]?.length ?? 0;
    return this.#bytes >= groupBytes || rows >= groupRows ? this.#drained(this.#group()) : [];
  }

  end(): readonly Uint8Array[] {
    const { bytes, writer } = this.#group();
    void writer.finish();
    return this.#drained({ bytes, writer });
  }

  /** Writes the rows that are held as a row group. */
  #group(): Sink {
    const columns = this.#columns ?? this.#columnsFor();
    const root: SchemaElement = { name: 'schema', num_children: columns.length };
    const sink = this.#sink ?? this.#open([root, ...columns.flatMap(({ schema }) => schema)]);
    this.#sink = sink;
    if (this.#values.length > 0) {
      const columnData = columns.map(({ schema: [top] }, index) => ({
        name: (top as SchemaElement).name,
        data: this.#values[index] ?? [],
      }));
      void sink.writer.write({ columnData, rowGroupSize: columnData[0]?.data.length ?? 1 });
    }
    this.#values = [];
    this.#bytes = 0;
    return sink;
  }

  #drained({ bytes }: Sink): readonly Uint8Array[] {
    const taken = bytes.getBytes().slice();
    // `offset`, which the footer's places are told by, goes on.
    bytes.index = 0;
    return [taken];
  }
}
