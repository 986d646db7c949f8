/** A whole HTTP request for the embeddings of texts, in base64, as OpenAI's clients ask for them. */
export function embeddingsRequest(model: string, texts: readonly string[]): Buffer {
  const body = Buffer.from(JSON.stringify({ model, input: texts, encoding_format: 'base64' }));
  const head = 'POST /v1/embeddings HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
  return Buffer.concat([Buffer.from(`${head}Content-Length: ${body.length}\r\n\r\n`), body]);
}
