import { notOffered } from '../protocol/not-offered.ts';

/** What other servers have at a path, and what to do here. */
const hints: readonly (readonly [path: RegExp, hint: string])[] = [
  [/^\/v2\/(system|cuda)sharedmemory(\/|$)/, notOffered.sharedMemory],
  [/^\/v2\/(models\/[^/]+\/)?trace\/setting\/?$/, notOffered.tracing],
  [/^\/v2\/logging\/?$/, notOffered.logging],
  [/^\/v1\/models\/[^/]+:predict\/?$/, "V1 of KServe's protocol is not spoken here: POST /v2/models/{model}/infer"],
];

/** Why there is nothing at a path that other servers have; undefined for all others. */
export function whyNothing(path: string): string | undefined {
  return hints.find(([pattern]) => pattern.test(path))?.[1];
}
