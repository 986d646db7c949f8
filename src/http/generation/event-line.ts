const encoder = new TextEncoder();

/** An event of a stream. Source: WHATWG HTML, 9.2 "Server-sent events". */
export function eventLine(data: string): Uint8Array {
  return encoder.encode(`data: ${data}\n\n`);
}
