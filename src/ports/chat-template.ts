/**
 * Writes a conversation as the text that a model was trained on, by the model's own template.
 *
 * Throws ServiceError 400 where the template refuses the conversation, fails, or takes too long.
 */
export type ChatTemplate = (variables: Readonly<Record<string, unknown>>) => string;
