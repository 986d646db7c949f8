import type { Fields } from '../../core/fields.ts';
import { shownJson } from '../../core/shown-json.ts';
import { inexactInteger } from '../../protocol/inexact-integer.ts';
import { isObject } from '../../protocol/is-object.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** A message of a conversation, as chat templates take them. */
export interface ChatMessage {
  readonly role: string;
  readonly content: string;
  readonly name?: string;
  readonly tool_call_id?: string;
  readonly tool_calls?: readonly object[];
}

type Given = Readonly<Record<string, unknown>>;

/** OpenAI's later word for it, which templates do not know. */
const roles: Readonly<Record<string, string>> = {
  system: 'system',
  developer: 'system',
  user: 'user',
  assistant: 'assistant',
  tool: 'tool',
};
// The last two are of OpenAI's answers, which are sent back as they came.
const known = ['role', 'content', 'name', 'tool_call_id', 'tool_calls', 'refusal', 'annotations'];

/** The field `messages`. Throws 400 with the place of the message that is at fault. */
export function readMessages(fields: Fields): readonly ChatMessage[] {
  const messages = fields.value('messages');
  if (Array.isArray(messages) && messages.length > 0) return messages.map(readMessage);
  throw fields.wrong('messages', 'a list of messages, {"role": …, "content": …}');
}

function readMessage(message: unknown, index: number): ChatMessage {
  const at = `messages[${index}]`;
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw wrong(at, 'an object {"role": …, "content": …}', message);
  const given = message as Given;
  // Clients send back what they were given, with null for what there was not.
  const unknown = Object.keys(given).find((name) => !known.includes(name) && given[name] !== null);
  if (unknown !== undefined)
    throw new ServiceError(
      400,
      `${at}: there is no field '${unknown.slice(0, 100)}'; the fields are ${known.join(', ')}`,
      { field: at, code: 'unknown_parameter' },
    );
  const role = typeof given.role === 'string' && Object.hasOwn(roles, given.role) ? roles[given.role] : undefined;
  if (role === undefined) throw wrong(`${at}.role`, `one of ${Object.keys(roles).join(', ')}`, given.role);
  const calls = readCalls(given.tool_calls ?? undefined, role, at);
  // An answer that was cut before its first word has none, nor has one that is a call.
  const content = readContent(given.content ?? (role === 'assistant' ? '' : undefined), at);
  return {
    role,
    content,
    ...text(given, 'name', at),
    ...text(given, 'tool_call_id', at),
    ...(calls && { tool_calls: calls }),
  };
}

/** A text, or parts that are texts, which are put together. */
function readContent(content: unknown, at: string): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) throw wrong(`${at}.content`, 'a text, or parts {"type": "text", "text": …}', content);
  return content
    .map((part, index) => {
      const { type, text: words } = Object(part);
      if (type === 'text' && typeof words === 'string') return words;
      throw wrong(`${at}.content[${index}]`, '{"type": "text", "text": …}: language models here take text alone', part);
    })
    .join('');
}

/**
 * Calls with their arguments as an object, which templates write in their own way; those that a cut left without their
 * end are no JSON, and stay a text.
 */
function readCalls(calls: unknown, role: string, at: string): readonly object[] | undefined {
  if (calls === undefined) return undefined;
  if (role !== 'assistant' || !Array.isArray(calls)) throw wrong(`${at}.tool_calls`, 'calls of an assistant', calls);
  return calls.map((call, index) => {
    const { id, type = 'function', function: called } = Object(call);
    const { name, arguments: given } = Object(called);
    const isCall = typeof id === 'string' && type === 'function' && typeof name === 'string';
    const values = parsed(given, `${at}.tool_calls[${index}].function.arguments`);
    if (isCall && values !== undefined) return { id, type, function: { name, arguments: values } };
    throw wrong(
      `${at}.tool_calls[${index}]`,
      '{"id": …, "type": "function", "function": {"name": …, "arguments": "JSON of an object"}}',
      call,
    );
  });
}

function parsed(text: unknown, at: string): object | string | undefined {
  // Some models call a function that takes nothing so.
  if (text === '') return {};
  if (typeof text !== 'string') return undefined;
  const value = jsonIn(text);
  if (value === undefined) return text;
  if (!isObject(value)) return undefined;
  const changed = inexactInteger(text);
  if (changed === undefined) return value;
  throw new ServiceError(
    400,
    `${at}: the model would read ${changed.slice(0, 100)} as another number, as it is past ${Number.MAX_SAFE_INTEGER}; send it as a text`,
    { field: at },
  );
}

function text<Name extends 'name' | 'tool_call_id'>(given: Given, name: Name, at: string): { [name in Name]?: string } {
  const value = given[name] ?? undefined;
  if (value === undefined) return {};
  if (typeof value === 'string') return { [name]: value } as { [name in Name]: string };
  throw wrong(`${at}.${name}`, 'a text', value);
}

function wrong(at: string, expected: string, got: unknown): ServiceError {
  return new ServiceError(400, `${at}: expected ${expected}, got ${shownJson(got)}`, { field: at });
}
