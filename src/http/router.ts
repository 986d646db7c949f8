import { toldTo } from '../core/told-to.ts';
import type { Access, Authorize } from '../ports/authorize.ts';
import type { Caller } from '../ports/caller.ts';
import { ServiceError } from '../protocol/service-error.ts';
import type { HttpRequest, HttpResponse } from './http-message.ts';
import { nameIn } from './openai/name-in.ts';
import { whyNothing } from './why-nothing.ts';

/** Answers a request; `parameters` are the decoded `:name` segments of its route, in order. */
export type Handler = (request: HttpRequest, parameters: readonly string[]) => HttpResponse | Promise<HttpResponse>;

/**
 * Method, path with `:name` for a segment that varies, what a caller must have, and handler. A model in the path is
 * `:model`.
 */
export type Route = readonly [method: string, path: string, access: Access, handler: Handler];

interface Target {
  readonly access: Access;
  readonly handler: Handler;
}

interface Pattern {
  readonly segments: readonly string[];
  /** Which of its parameters is the model; -1: none. */
  readonly modelAt: number;
  readonly targets: Map<string, Target>;
}

/**
 * Finds the handler of a request. One slash at the end of a path makes no difference. A literal segment comes before
 * one that varies, where the table lists it first.
 */
export class Router {
  readonly #byLength = new Map<number, Pattern[]>();
  readonly #maxNameLength: number;

  constructor(routes: readonly Route[], maxNameLength: number) {
    this.#maxNameLength = maxNameLength;
    for (const [method, path, access, handler] of routes) {
      const segments = path.slice(1).split('/');
      const patterns = this.#byLength.get(segments.length) ?? [];
      this.#byLength.set(segments.length, patterns);
      const known = patterns.find((candidate) => candidate.segments.join('/') === segments.join('/'));
      const pattern = known ?? { segments, modelAt: modelAt(segments), targets: new Map<string, Target>() };
      if (!known) patterns.push(pattern);
      pattern.targets.set(method, { access, handler });
      if (method === 'GET') pattern.targets.set('HEAD', { access, handler });
    }
  }

  /**
   * Rejects with 404 for an unknown path, 405 with the methods there are, 400 for a name that is not valid in a path.
   */
  async handle(request: HttpRequest): Promise<HttpResponse> {
    const { target, parameters } = this.#find(request);
    try {
      return await target.handler(request, parameters);
    } catch (error) {
      throw toldTo(request.caller, error);
    }
  }

  /**
   * Lets a request through before its body is read, and says whose it is; undefined where it needs no key. Throws as
   * `authorize` does, 403 where the caller may not do it, 429 where it asks for too much, and as `handle` rejects.
   */
  admit(request: Pick<HttpRequest, 'method' | 'path' | 'headers'>, authorize: Authorize): Caller | undefined {
    const { target, parameters, modelAt } = this.#find(request);
    if (target.access === 'open') return undefined;
    const caller = authorize(request.headers);
    caller.take();
    const model = parameters[modelAt];
    // Behind an @ is which version is meant.
    if (target.access !== 'any') caller.check(target.access, model === undefined ? undefined : nameIn(model));
    return caller;
  }

  /** The pattern that a path matches, as in the table; undefined where there is none. */
  route(path: string): string | undefined {
    const pattern = this.#match(segmentsOf(path));
    return pattern && `/${pattern.segments.join('/')}`;
  }

  #match(segments: readonly string[]): Pattern | undefined {
    return this.#byLength.get(segments.length)?.find((candidate) => matches(candidate.segments, segments));
  }

  #find(request: Pick<HttpRequest, 'method' | 'path'>) {
    const segments = segmentsOf(request.path);
    const pattern = this.#match(segments);
    const target = pattern?.targets.get(request.method);
    const hint = target ? undefined : whyNothing(request.path);
    if (!pattern || hint !== undefined) {
      const next = hint ?? 'GET /openapi.json lists the routes, and /docs shows them';
      throw new ServiceError(404, `there is nothing at ${request.path.slice(0, 200)}; ${next}`);
    }
    if (!target) {
      const allow = [...pattern.targets.keys()];
      throw new ServiceError(405, `${request.method} is not allowed here; use ${allow.join(' or ')}`, { allow });
    }
    const parameters: string[] = [];
    for (let i = 0; i < segments.length; i += 1) {
      if (pattern.segments[i]?.startsWith(':')) parameters.push(this.#decode(segments[i] ?? ''));
    }
    return { target, parameters, modelAt: pattern.modelAt };
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

function segmentsOf(path: string): readonly string[] {
  return path.slice(1).replace(/\/$/, '').split('/');
}

function modelAt(segments: readonly string[]): number {
  return segments.filter((segment) => segment.startsWith(':')).indexOf(':model');
}

function matches(pattern: readonly string[], segments: readonly string[]): boolean {
  return pattern.every((part, i) => part === segments[i] || (part.startsWith(':') && segments[i] !== ''));
}
