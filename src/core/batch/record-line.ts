import type { AnsweredRecord } from '../../ports/part-writer.ts';
import { ByteWriter } from '../../protocol/byte-writer.ts';
import { encodeNested } from '../../protocol/encode-nested.ts';
import type { BytesTensor } from '../../protocol/tensor.ts';
import { jsonContent } from '../tasks/item-input.ts';
import { answerOf } from './answer-of.ts';

const decoder = new TextDecoder();

/**
 * The line of output of a record: the fields that are kept, or its number where it has none of them, and each output by
 * name; one that is JSON as it is. Throws ServiceError 400 for what JSON cannot carry.
 */
export function recordLine(keptNames: readonly string[], record: AnsweredRecord): Uint8Array {
  const { number, kept } = record;
  const writer = new ByteWriter();
  let separator = '{';
  const member = (name: string) => {
    writer.text(separator);
    writer.quoted(name);
    writer.text(':');
    separator = ',';
  };
  for (const [index, json] of kept.entries()) {
    if (json === undefined) continue;
    member(keptNames[index] as string);
    writer.text(json);
  }
  if (separator === '{') {
    member('record');
    writer.whole(number);
  }
  for (const output of record.outputs) {
    member(output.name);
    const answer = answerOf(output, record);
    if (output.parameters?.content_type === jsonContent) writer.text(decoder.decode((answer as BytesTensor).data[0]));
    else encodeNested(writer, output.name, answer);
  }
  writer.text('}\n');
  return writer.finish();
}
