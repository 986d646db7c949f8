import type { SchemaElement, SchemaTree } from 'hyparquet';
import type { Datatype } from '../../protocol/datatype.ts';

/** What a column of a Parquet file holds, as far as a model's inputs go. */
export interface ParquetColumn {
  readonly name: string;
  /** Of its values; no input takes a `struct`, nor what is `other`. */
  readonly kind: 'boolean' | 'integer' | 'float' | 'bytes' | 'struct' | 'other';
  /** Lists that its values lie in, one in the other. */
  readonly depth: number;
  /** The type, in the words of Parquet. */
  readonly type: string;
}

/** The column at a node of the schema's root. */
export function parquetColumn(node: SchemaTree): ParquetColumn {
  let depth = 0;
  let leaf = node;
  let isList = true;
  for (;;) {
    if (leaf.element.repetition_type === 'REPEATED') depth += 1;
    const [child, ...others] = leaf.children;
    if (!child) break;
    isList &&= others.length === 0;
    leaf = child;
  }
  const { name } = node.element;
  const type = `${'list of '.repeat(depth)}${typeName(leaf.element)}`;
  // A struct, or a map, is no list.
  if (!isList || (node.children.length > 0 && depth === 0)) return { name, kind: 'struct', depth, type: 'a struct' };
  return { name, kind: kindOf(leaf.element), depth, type };
}

/** Which kinds of values fill an input of a datatype. */
export function takesKind(datatype: Datatype, kind: ParquetColumn['kind']): boolean {
  if (datatype === 'BYTES') return kind === 'bytes';
  if (datatype === 'BOOL') return kind === 'boolean';
  if (datatype === 'FP32' || datatype === 'FP64') return kind === 'float' || kind === 'integer';
  return kind === 'integer' && datatype !== 'FP16' && datatype !== 'BF16';
}

function typeName({ type, logical_type, converted_type }: SchemaElement): string {
  const detail = logical_type?.type ?? converted_type;
  return detail ? `${type} (${detail})` : String(type);
}

const integers = /^(U?INT_(8|16|32|64))$/;

function kindOf({ type, converted_type, logical_type }: SchemaElement): ParquetColumn['kind'] {
  const logical = logical_type?.type;
  const isPlain = logical === undefined && converted_type === undefined;
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'FLOAT' || type === 'DOUBLE') return 'float';
  if (type === 'INT32' || type === 'INT64') {
    return isPlain || logical === 'INTEGER' || integers.test(converted_type ?? '') ? 'integer' : 'other';
  }
  const isText = converted_type === 'UTF8' || converted_type === 'ENUM' || logical === 'STRING' || logical === 'ENUM';
  return type === 'BYTE_ARRAY' && (isPlain || isText) ? 'bytes' : 'other';
}
