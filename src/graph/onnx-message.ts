import type { MessageKind } from './onnx-messages.ts';

/** A message as far as it has been read: its numbers, texts and small messages, in order. */
export class OnnxMessage {
  readonly kind: MessageKind;
  /** The field of its parent that it is. */
  readonly field: number;
  readonly end: number;
  /** The byte that is read next. */
  at: number;
  /** Length of the fields whose content was skipped as data. */
  dataBytes = 0;
  numbers = 0;
  // Field and value by turns: a file may have millions of messages.
  readonly #content: (number | string | OnnxMessage)[] = [];

  constructor(kind: MessageKind, field: number, start: number, end: number) {
    this.kind = kind;
    this.field = field;
    this.at = start;
    this.end = end;
  }

  add(field: number, value: number | string | OnnxMessage): void {
    this.#content.push(field, value);
  }

  /** The last number of a field, as protobuf has it; 0 where there is none. */
  number(field: number): number {
    return this.#all(field).findLast((value) => typeof value === 'number') ?? 0;
  }

  /** The last text of a field; empty where there is none. */
  text(field: number): string {
    return this.#all(field).findLast((value) => typeof value === 'string') ?? '';
  }

  /** Whether the field is there as a number: one that is 0 differs from none. */
  hasNumber(field: number): boolean {
    return this.#all(field).some((value) => typeof value === 'number');
  }

  numbersOf(field: number): number[] {
    return this.#all(field).filter((value) => typeof value === 'number');
  }

  messages(field: number): OnnxMessage[] {
    return this.#all(field).filter((value) => value instanceof OnnxMessage);
  }

  #all(field: number): (number | string | OnnxMessage)[] {
    const content = this.#content;
    const values: (number | string | OnnxMessage)[] = [];
    for (let i = 0; i < content.length; i += 2) {
      if (content[i] === field) values.push(content[i + 1] as number | string | OnnxMessage);
    }
    return values;
  }
}
