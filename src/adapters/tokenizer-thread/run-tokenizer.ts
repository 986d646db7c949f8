import { parentPort, workerData } from 'node:worker_threads';
import { openTokenizer } from '../open-tokenizer.ts';

/** The program of the thread: it answers each text with its tokens. */
export interface ThreadQuestion {
  readonly text: string;
  readonly isWhole: boolean;
}

const tokenizer = await openTokenizer(workerData);
parentPort?.on('message', ({ text, isWhole }: ThreadQuestion) => {
  const ids = Uint32Array.from(tokenizer.encode(text, isWhole).ids);
  parentPort?.postMessage(ids, [ids.buffer]);
});
