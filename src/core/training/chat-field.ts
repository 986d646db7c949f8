/** The field of a row that has its messages, in OpenAI's files for fine-tuning. */
export const chatField = 'messages';
