/** What OpenAI's API would answer, of anything that has an id. */
export interface OpenAiObject {
  readonly id: string;
  readonly [field: string]: unknown;
}
