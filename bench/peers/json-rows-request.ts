import { jsonNumbers } from '../load/json-numbers.ts';
import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';

/** A whole HTTP request with the rows of the model's input as nested JSON, `{"x": [[…]]}`, which must be one row. */
export function jsonRowsRequest(path: string, { input }: BenchModel): Buffer {
  const body = JSON.stringify({ x: [jsonNumbers(inputData(input))] });
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n`;
  return Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n${body}`);
}
