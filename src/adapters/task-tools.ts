import type { TaskTools } from '../ports/task-tools.ts';

/** Tools of tasks, each loaded once a model needs it. */
export const taskTools: TaskTools = {
  picture: async () => (await import('./file-decoding/open-picture-decoder.ts')).openPictureDecoder(),
  encodePicture: async () => (await import('./file-decoding/open-picture-encoder.ts')).openPictureEncoder(),
  sound: async () => (await import('./file-decoding/wav-sound.ts')).wavSound,
  tokenizer: async (json) => (await import('./open-tokenizer.ts')).openTokenizer(json),
  chatTemplate: async (source) => (await import('./open-chat-template.ts')).openChatTemplate(source),
};
