import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Plan {
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly keys: Set<string>;
}

interface Key {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly createdDate: number;
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What API Gateway's own API does for keys and usage plans, one item a page. Source: its API reference, version
 * 2015-07-09.
 */
export class FakeApiGateway {
  readonly plans = new Map<string, Plan>();
  readonly keys = new Map<string, Key>();
  /** What was asked: method and path. */
  readonly asked: string[] = [];
  /** Answers what would change something with this error. */
  refuses: string | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<FakeApiGateway> {
    const server = createServer();
    const fake = new FakeApiGateway(server);
    server.on('request', async (request, response) => {
      const { status, body } = fake.#answer(request, await readJson(request));
      const headers = status < 400 ? {} : { 'x-amzn-errortype': body.type };
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return fake;
  }

  /** Variables that lead the AWS SDK here. */
  get environment(): NodeJS.ProcessEnv {
    const { port } = this.#server.address() as AddressInfo;
    return {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_MAX_ATTEMPTS: '1',
    };
  }

  addPlan(id: string, tags: Plan['tags']): void {
    this.plans.set(id, { id, tags, keys: new Set() });
  }

  addKey(id: string, name: string, plan?: string, tags: Key['tags'] = {}, value = `value-of-${id}`): void {
    this.keys.set(id, { id, name, value, enabled: true, createdDate: 1_795_600_000, tags });
    if (plan) this.plans.get(plan)?.keys.add(id);
  }

  end(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #answer({ method = '', url = '' }: IncomingMessage, sent: Record<string, string>) {
    const { pathname, searchParams } = new URL(url, 'http://fake');
    const [, kind, id = '', keys] = pathname.split('/');
    const route = `${method} /${kind}${id ? '/{id}' : ''}${keys ? '/keys' : ''}`;
    this.asked.push(route);
    if (this.refuses && method !== 'GET' && route.startsWith(this.refuses))
      return { status: 403, body: { type: 'AccessDeniedException', message: `not authorized to ${route}` } };
    const plan = this.plans.get(id);
    const key = this.keys.get(id);
    const ok = (body: object) => ({ status: 200, body: body as Record<string, string> });
    const page = (items: readonly object[]) => {
      const at = Number(searchParams.get('position') ?? 0);
      return ok({ item: items.slice(at, at + 1), ...(at + 1 < items.length && { position: String(at + 1) }) });
    };
    const shown = ({ value, ...rest }: Key, withValue: boolean) => (withValue ? { ...rest, value } : rest);

    if (route === 'GET /usageplans') return page([...this.plans.values()].map(({ keys: _, ...rest }) => rest));
    if (route === 'GET /usageplans/{id}/keys' && plan)
      return page([...plan.keys].map((each) => ({ id: each, value: `value-of-${each}` })));
    if (route === 'POST /usageplans/{id}/keys' && plan) {
      plan.keys.add(String(sent.keyId));
      return ok({ id: sent.keyId });
    }
    if (route === 'GET /apikeys')
      return page([...this.keys.values()].map((each) => shown(each, searchParams.get('includeValues') === 'true')));
    if (route === 'POST /apikeys') {
      const made = `made${this.keys.size}`;
      this.addKey(made, String(sent.name), undefined, {}, sent.value);
      return ok(shown(this.keys.get(made) as Key, true));
    }
    if (route === 'GET /apikeys/{id}' && key) return ok(shown(key, searchParams.get('includeValue') === 'true'));
    if (route === 'DELETE /apikeys/{id}' && key) {
      this.keys.delete(id);
      for (const { keys: members } of this.plans.values()) members.delete(id);
      return ok({});
    }
    return { status: 404, body: { type: 'NotFoundException', message: `nothing at ${route}` } };
  }
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? {} : JSON.parse(text);
}
