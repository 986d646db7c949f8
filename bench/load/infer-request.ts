import type { BenchModel } from '../models/bench-model.ts';
import { inputData } from '../models/input-data.ts';
import { jsonNumbers } from './json-numbers.ts';

/** A whole HTTP request to infer `model` on its input, as JSON or in binary, the answer in the same form. */
export function inferRequest({ name, input }: BenchModel, form: 'json' | 'binary'): Buffer {
  const values = inputData(input);
  const head = `POST /v2/models/${name}/infer HTTP/1.1\r\nHost: localhost\r\n`;
  if (form === 'json') {
    const data = jsonNumbers(values);
    return whole(head, Buffer.from(JSON.stringify({ inputs: [{ ...input, data }] })));
  }
  const binary = { ...input, parameters: { binary_data_size: values.byteLength } };
  const json = Buffer.from(JSON.stringify({ parameters: { binary_data_output: true }, inputs: [binary] }));
  return whole(
    `${head}Inference-Header-Content-Length: ${json.length}\r\n`,
    Buffer.concat([json, new Uint8Array(values.buffer)]),
  );
}

function whole(head: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
}
