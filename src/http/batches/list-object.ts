import type { OpenAiObject } from './openai-object.ts';

/** Some of a list, as OpenAI's API shows it. */
export function listObject(data: readonly OpenAiObject[], hasMore: boolean): object {
  return {
    object: 'list',
    data,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
    has_more: hasMore,
  };
}
