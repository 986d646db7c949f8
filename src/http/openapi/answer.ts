import type { JsonObject } from './json-object.ts';
import { reference } from './reference.ts';

/** A response with its content by media type, and the headers that every response has. */
export function answer(description: string, content: JsonObject, headers: JsonObject = {}): JsonObject {
  const common = {
    'X-Request-Id': reference('headers', 'RequestId'),
    'Content-Encoding': reference('headers', 'ContentEncoding'),
  };
  return { description, headers: { ...common, ...headers }, content };
}
