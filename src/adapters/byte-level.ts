const encoder = new TextEncoder();

/** The bytes that tokens of GPT-2's kind stand for: each is a character, its own where that can be seen. */
export function byteLevel(): (token: string) => Uint8Array {
  const byteOf = new Int16Array(512).fill(-1);
  let hidden = 0;
  for (let byte = 0; byte < 256; byte += 1) {
    const isSeen = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    byteOf[isSeen ? byte : 256 + hidden] = byte;
    if (!isSeen) hidden += 1;
  }
  return (token) => {
    const bytes = new Uint8Array(token.length);
    for (let at = 0; at < token.length; at += 1) {
      const byte = byteOf[token.charCodeAt(at)] ?? -1;
      if (byte === -1) return encoder.encode(token);
      bytes[at] = byte;
    }
    return bytes;
  };
}
