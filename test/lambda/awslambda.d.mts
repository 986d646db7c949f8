import type { Writable } from 'node:stream';

export const awslambda: object;
export function isStreaming(handler: unknown): boolean;
export function responseStream<T extends Writable>(writable: T, setContentType: (type: string) => void): T;
