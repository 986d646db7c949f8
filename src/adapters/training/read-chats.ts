import { splitLines } from '../../core/batch/split-lines.ts';
import { shownJson } from '../../core/shown-json.ts';
import { BadRows } from '../../core/training/bad-rows.ts';
import { jsonIn } from '../../protocol/json-in.ts';
import type { Tensor } from '../../protocol/tensor.ts';
import { digestBytes } from '../digest-bytes.ts';
import { digestPieces } from '../digest-pieces.ts';
import type { DataRows } from './data-rows.ts';
import { rowsOf } from './rows-of.ts';

export interface ChatsToRead {
  readonly uri: string;
  /** A folder for work files. */
  readonly scratch: string;
  /** What a model takes for a text. */
  readonly tensorsOf: (text: string) => Promise<readonly Tensor[]>;
}

const maxRowBytes = 16 * 1024 * 1024;
const advice = `write each as {"messages": [{"role": "user", "content": "what is to be told by"}, {"role": "assistant", "content": "the label"}]}`;

/**
 * Reads conversations, as OpenAI's files for fine-tuning have them: the user's last message is what is told by, the
 * assistant's answer to it the label. Rejects with an Error that names the rows that have not both.
 */
export async function readChats({ uri, scratch, tensorsOf }: ChatsToRead): Promise<DataRows> {
  const rows = await rowsOf(uri, scratch);
  const { store, file, text: chats } = rows;
  const bad = new BadRows(uri, advice);
  const texts: string[] = [];
  const targets: string[] = [];
  for await (const lines of splitLines(chats.store.read(chats.file), { maxBytes: maxRowBytes, offset: 0 })) {
    for (const { text, isCut } of lines) {
      const line = new TextDecoder().decode(text);
      if (line.trim() === '') continue;
      const pair = isCut ? `it is longer than ${maxRowBytes} bytes` : pairIn(line);
      if (typeof pair === 'string') bad.add(texts.length, pair);
      const { item, label } = typeof pair === 'string' ? { item: '', label: '' } : pair;
      texts.push(item);
      targets.push(label);
    }
  }
  bad.throwIfAny();
  const encoder = new TextEncoder();
  return {
    label: uri,
    targets,
    keys: texts.map((text) => digestBytes([encoder.encode(text)])),
    sha256: (await digestPieces(store.read(file))).checksum,
    tensorsOf: (row) => tensorsOf(texts[row] ?? ''),
  };
}

interface Message {
  readonly role?: unknown;
  readonly content?: unknown;
}

/** The text and the label of a row, or what is wrong with it. */
function pairIn(line: string): { readonly item: string; readonly label: string } | string {
  const chat = jsonIn(line);
  if (chat === undefined) return 'the JSON does not parse';
  const { messages } = Object(chat) as { readonly messages?: unknown };
  if (!Array.isArray(messages)) return `expected messages, got ${shownJson(messages)}`;
  const said: readonly Message[] = messages.map(Object);
  const asked = said.findLastIndex(({ role }) => role === 'user');
  const item = asked < 0 ? undefined : textOf(said[asked]);
  if (item === undefined || item.trim() === '') return 'there is no text of a user';
  const label = textOf(said.slice(asked).findLast(({ role }) => role === 'assistant'))?.trim();
  return label ? { item, label } : 'there is no text of the assistant behind that of the user';
}

/** The text of a message, whose content may be in parts. */
function textOf(message: Message | undefined): string | undefined {
  const content = message?.content;
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => (Object(part) as { readonly text?: unknown }).text);
  return texts.every((text) => typeof text === 'string') ? texts.join('') : undefined;
}
