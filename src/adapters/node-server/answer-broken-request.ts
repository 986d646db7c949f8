import type { Socket } from 'node:net';

const refusals: Readonly<Record<string, readonly [status: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'the headers are larger than 16384 bytes'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Content Too Large', 'the chunk extensions are larger than 16384 bytes'],
  ERR_HTTP_REQUEST_TIMEOUT: [
    '408 Request Timeout',
    'the request took too long to arrive: its headers may take 60 s, all of it 300 s',
  ],
};

/** Answers, on its bare socket, what never became a request, and ends the connection. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket, requestId: string): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, message] = refusals[error.code ?? ''] ?? ['400 Bad Request', 'the request is not valid HTTP/1.1'];
  const body = JSON.stringify({ error: message });
  const headers = [
    'content-type: application/json',
    `content-length: ${body.length}`,
    `x-request-id: ${requestId}`,
    'server-timing: total;dur=0',
    'connection: close',
  ];
  socket.end(`HTTP/1.1 ${status}\r\n${headers.join('\r\n')}\r\n\r\n${body}`);
}
