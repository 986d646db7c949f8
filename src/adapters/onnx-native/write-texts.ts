import koffi from 'koffi';
import type { Api } from './api.ts';
import { check } from './check.ts';
import type { Pointer } from './native-types.ts';

/** Copies byte strings into a string tensor, whose count of elements must be theirs. */
export function writeTexts(api: Api, value: Pointer, texts: readonly Uint8Array[]): void {
  const bytes = texts.reduce((sum, text) => sum + text.length + 1, 0);
  const content = new Uint8Array(bytes);
  const addresses = new BigUint64Array(texts.length);
  const start = koffi.address(content);
  let offset = 0;
  texts.forEach((text, index) => {
    content.set(text, offset);
    addresses[index] = start + BigInt(offset);
    offset += text.length + 1;
  });
  check(api, api.fillStringTensor(value, addresses, texts.length));
  texts.forEach((text, index) => {
    // The call above ends an element at its first zero byte.
    if (text.includes(0)) writeElement(api, value, index, text);
  });
}

function writeElement(api: Api, value: Pointer, index: number, text: Uint8Array): void {
  const out = new BigUint64Array(1);
  check(api, api.getResizedStringTensorElementBuffer(value, index, text.length, out));
  api.memory.copy(out[0] as Pointer, text, text.length);
}
