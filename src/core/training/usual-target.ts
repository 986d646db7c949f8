import { chatField } from './chat-field.ts';

/**
 * What is told by rows in the usual forms of fine-tuning: conversations, texts with a label, prompts with their
 * completion.
 */
export const usualTargets = [chatField, 'label', 'completion'];

/** The column that is to be told, where the columns of a file say that by their names. */
export function usualTarget(columns: readonly string[]): string | undefined {
  return usualTargets.find((name) => columns.includes(name));
}
