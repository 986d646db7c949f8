import type { BenchModel } from './bench-model.ts';
import { inputValues } from './input-values.ts';

/** A whole HTTP request to infer a model, as JSON (six digits a number) or in binary. */
export function inferRequest(model: BenchModel, form: 'json' | 'binary'): Buffer {
  const values = inputValues(model);
  const path = `/v2/models/${model.name}/infer`;
  if (form === 'json') {
    const data = Array.from(values, (value) => Number(value.toPrecision(6)));
    return http(path, Buffer.from(JSON.stringify({ inputs: [{ ...model.input, data }] })), '');
  }
  const json = Buffer.from(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...model.input, parameters: { binary_data_size: values.byteLength } }],
    }),
  );
  const header = `Inference-Header-Content-Length: ${json.length}\r\n`;
  const binary = new Uint8Array(values.buffer as ArrayBuffer, values.byteOffset, values.byteLength);
  return http(path, Buffer.concat([json, binary]), header);
}

function http(path: string, body: Buffer, header: string): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}Content-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}
