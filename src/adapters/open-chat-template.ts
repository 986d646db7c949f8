import { createContext, Script } from 'node:vm';
import type { ChatTemplate } from '../ports/chat-template.ts';
import { ServiceError } from '../protocol/service-error.ts';

export interface ChatTemplateLimits {
  /** Milliseconds that one conversation may take, while which nothing else is answered. */
  readonly timeoutMs: number;
}

// Of those that models have, the longest are of some 20,000 characters.
const mostCharacters = 256 * 1024;
const mostNumbers = 100_000;
// The library's own range makes a list as long as it is told to, and what its raise_exception throws is like any error.
const own = '{% set range = boundedRange %}{% set raise_exception = refuse %}\n';
const isNotAll = 'templates are run by @huggingface/jinja, which has not all of Jinja';

/** What a template says itself. */
class Refusal extends Error {}

/** Runs `task.work`, which may be ended from without there. */
const script = new Script('task.work()');

/**
 * A chat template from its Jinja source, by Hugging Face's own package. What bounds it: its length, the length of a
 * `range`, and the time that a conversation may take, past which it is ended wherever it is.
 */
export async function openChatTemplate(
  source: string,
  { timeoutMs }: ChatTemplateLimits = { timeoutMs: 1000 },
): Promise<ChatTemplate> {
  if (source.length > mostCharacters)
    throw new ServiceError(
      400,
      `the model's chat template has ${source.length} characters, more than the limit of ${mostCharacters}`,
    );
  const { Template } = await import('@huggingface/jinja');
  const template = opened(() => new Template(own + source));
  const task = { work: () => '' };
  const context = createContext({ task });
  return (variables) => {
    task.work = () => template.render({ ...variables, boundedRange: numbers, refuse });
    try {
      return script.runInContext(context, { timeout: timeoutMs });
    } catch (cause) {
      throw refused(cause, timeoutMs);
    }
  };
}

function opened<T>(open: () => T): T {
  try {
    return open();
  } catch (cause) {
    throw new ServiceError(
      400,
      `the model's chat template does not parse: ${messageOf(cause)}; ${isNotAll}; POST /v1/completions needs none`,
      { cause },
    );
  }
}

function refused(cause: unknown, timeoutMs: number): ServiceError {
  const hasTimedOut = (cause as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
  let words = `fails: ${messageOf(cause)}; ${isNotAll}; POST /v1/completions needs none`;
  if (hasTimedOut) words = `takes longer than ${timeoutMs} ms; send fewer messages`;
  else if (cause instanceof Refusal) words = `refuses the conversation: ${messageOf(cause)}`;
  return new ServiceError(400, `the model's chat template ${words}`, { cause });
}

/** `raise_exception` of templates. */
function refuse(words: unknown): never {
  throw new Refusal(String(words));
}

function messageOf(cause: unknown): string {
  return String((cause as Error | null)?.message ?? cause).slice(0, 300);
}

/** Python's `range`. */
function numbers(start: number, stop?: number, step = 1): readonly number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const count = Math.max(0, Math.ceil((to - from) / step));
  if (!(count <= mostNumbers)) throw new Error(`range(): expected ${mostNumbers} numbers at most, got ${count}`);
  return Array.from({ length: count }, (_, index) => from + index * step);
}
