/** An event of API Gateway that carries `body`, as JSON. */
export function gatewayEvent(path: string, body: Uint8Array, headers: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({
    httpMethod: 'POST',
    path,
    headers,
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
    requestContext: { requestId: 'bench', identity: {} },
  });
}
