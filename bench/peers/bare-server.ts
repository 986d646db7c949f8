import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A bare node:http server without a model: node bench/peers/bare-server.ts json|binary, with the bytes it answers on
 * stdin. Prints its port.
 */
async function main(): Promise<void> {
  const parses = process.argv[2] === 'json';
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  const answer = Buffer.concat(chunks);
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      const bytes = Buffer.concat(body);
      if (parses) JSON.parse(bytes.toString());
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': answer.length });
      response.end(answer);
    });
  });
  server.listen(0, '127.0.0.1', () => console.log(`port ${(server.address() as AddressInfo).port}`));
}

await main();
