/** A whole HTTP request to infer `x` of `shape`, as JSON or in binary. */
export function inferRequest(model: string, shape: readonly number[], binary: boolean): Buffer {
  const elements = shape.reduce((product, size) => product * size, 1);
  const values = Float32Array.from({ length: elements }, (_, i) => ((i * 7919) % 1000) / 1000);
  const path = `/v2/models/${model}/infer`;
  const input = { name: 'x', datatype: 'FP32', shape };
  if (!binary)
    return http(
      path,
      Buffer.from(JSON.stringify({ inputs: [{ ...input, data: [...values].map((v) => Number(v.toPrecision(6))) }] })),
      '',
    );
  const json = Buffer.from(
    JSON.stringify({
      parameters: { binary_data_output: true },
      inputs: [{ ...input, parameters: { binary_data_size: elements * 4 } }],
    }),
  );
  const header = `Inference-Header-Content-Length: ${json.length}\r\n`;
  return http(path, Buffer.concat([json, new Uint8Array(values.buffer)]), header);
}

function http(path: string, body: Buffer, header: string): Buffer {
  return Buffer.concat([
    Buffer.from(`POST ${path} HTTP/1.1\r\nHost: localhost\r\n${header}Content-Length: ${body.length}\r\n\r\n`),
    body,
  ]);
}
