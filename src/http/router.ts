import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';

/** Answers a request; `parameters` are the decoded `:name` segments of its route, in order. */
export type Handler = (request: HttpRequest, parameters: readonly string[]) => HttpResponse | Promise<HttpResponse>;

/** Method, path with `:name` for a segment that varies, and handler. */
export type Route = readonly [method: string, path: string, handler: Handler];

interface Pattern {
  readonly segments: readonly string[];
  readonly handlers: Map<string, Handler>;
}

/** Finds the handler of a request. One slash at the end of a path makes no difference. A literal segment comes before one that varies, where the table lists it first. */
export class Router {
  readonly #byLength = new Map<number, Pattern[]>();
  readonly #maxNameLength: number;

  constructor(routes: readonly Route[], maxNameLength: number) {
    this.#maxNameLength = maxNameLength;
    for (const [method, path, handler] of routes) {
      const segments = path.slice(1).split('/');
      const patterns = this.#byLength.get(segments.length) ?? [];
      this.#byLength.set(segments.length, patterns);
      const known = patterns.find((candidate) => candidate.segments.join('/') === segments.join('/'));
      const pattern = known ?? { segments, handlers: new Map<string, Handler>() };
      if (!known) patterns.push(pattern);
      pattern.handlers.set(method, handler);
      if (method === 'GET') pattern.handlers.set('HEAD', handler);
    }
  }

  /** Rejects with 404 for an unknown path, 405 with the methods there are, 400 for a name that is not valid in a path. */
  async handle(request: HttpRequest): Promise<HttpResponse> {
    const segments = request.path.slice(1).replace(/\/$/, '').split('/');
    const pattern = this.#byLength.get(segments.length)?.find((candidate) => matches(candidate.segments, segments));
    if (!pattern)
      throw new ServiceError(
        404,
        `there is nothing at ${request.path.slice(0, 200)}; GET /openapi.json lists the routes, and /docs shows them`,
      );
    const handler = pattern.handlers.get(request.method);
    if (!handler) {
      const allow = [...pattern.handlers.keys()];
      throw new ServiceError(405, `${request.method} is not allowed here; use ${allow.join(' or ')}`, { allow });
    }
    const parameters: string[] = [];
    for (let i = 0; i < segments.length; i += 1) {
      if (pattern.segments[i]?.startsWith(':')) parameters.push(this.#decode(segments[i] ?? ''));
    }
    return handler(request, parameters);
  }

  #decode(segment: string): string {
    if (segment.length > 3 * this.#maxNameLength) {
      throw new ServiceError(413, `a name in the path is longer than the limit of ${this.#maxNameLength} characters`);
    }
    if (!segment.includes('%')) return segment;
    try {
      return decodeURIComponent(segment);
    } catch (cause) {
      throw new ServiceError(400, `the path holds '${segment}', which is not valid percent-encoding`, { cause });
    }
  }
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, i) => part === segments[i] || (part.startsWith(':') && segments[i] !== ''));
}
