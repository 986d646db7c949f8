import { openPictureEncoder } from '../../src/adapters/file-decoding/open-picture-encoder.ts';
import { wavSound } from '../../src/adapters/file-decoding/wav-sound.ts';
import { openChatTemplate } from '../../src/adapters/open-chat-template.ts';
import { openTokenizer } from '../../src/adapters/open-tokenizer.ts';
import type { TaskTools } from '../../src/ports/task-tools.ts';

/** What tasks have in the service, but that every file is a picture of one pixel. */
export const taskTools: TaskTools = {
  picture: async () => async () => ({ width: 1, height: 1, channels: 3, pixels: Uint8Array.of(1, 2, 3) }),
  encodePicture: openPictureEncoder,
  sound: async () => wavSound,
  tokenizer: openTokenizer,
  chatTemplate: openChatTemplate,
};
