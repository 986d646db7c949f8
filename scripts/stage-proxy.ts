import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIGatewayClient, GetApiKeyCommand } from '@aws-sdk/client-api-gateway';
import type { Emulator } from './deploy/emulator.ts';

const pauseMs = 100;

/**
 * Lets clients that know neither stages nor keys call a deployed API: passes requests on to the emulator with the API's
 * host and key, again where it is asked to wait. It also names the media types that the emulator, unlike API Gateway, asks for to leave bytes alone.
 */
export class StageProxy {
  /** Value of the API key that it adds. */
  readonly key: string;
  /** Host, port and stage, as clients take them. */
  readonly address: string;
  readonly #server: Server;

  private constructor(server: Server, key: string, stage: string) {
    this.#server = server;
    this.key = key;
    this.address = `127.0.0.1:${(server.address() as AddressInfo).port}${stage}`;
  }

  static async start(emulator: Emulator, outputs: Readonly<Record<string, string>>): Promise<StageProxy> {
    const { ApiUrl = '', DefaultKeyId } = outputs;
    const client = new APIGatewayClient({});
    const { value: key = '' } = await client.send(new GetApiKeyCommand({ apiKey: DefaultKeyId, includeValue: true }));
    const { hostname, port } = new URL(emulator.urlOf(ApiUrl));
    const added = { host: emulator.hostOf(ApiUrl), 'x-api-key': key };
    const server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const headers = { 'content-type': 'application/octet-stream', accept: '*/*', ...incoming.headers, ...added };
      const send = () => {
        const sent = request({ hostname, port, method: incoming.method, path: incoming.url, headers }, (answer) => {
          // The suites ask faster than the usage plan allows.
          if (answer.statusCode === 429) return void setTimeout(send, pauseMs);
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        });
        sent.on('error', (error) => outgoing.destroy(error));
        sent.end(Buffer.concat(chunks));
      };
      send();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new StageProxy(server, key, new URL(ApiUrl).pathname.replace(/\/$/, ''));
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}
