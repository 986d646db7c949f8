import { randomBytes } from 'node:crypto';

export interface Subsegment {
  readonly name: string;
  /** When the work began and ended, in milliseconds since 1970. */
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  /** Status of the answer. */
  readonly status: number;
  /** What traces are found by. */
  readonly annotations: Readonly<Record<string, string | boolean>>;
  /** What else is shown of it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly error?: unknown;
}

/**
 * Adds `subsegment` to Lambda's segment of this invocation in X-Ray, where that is sampled; else nothing is done.
 *
 * One datagram to the daemon that Lambda runs beside the function. Never rejects: a trace is not worth a request.
 * Sources: AWS, "X-Ray segment documents", "Sending trace data to X-Ray" and "Tracing header".
 */
export async function sendSubsegment(subsegment: Subsegment, environment: NodeJS.ProcessEnv): Promise<void> {
  const { Root: root, Parent: parent, Sampled: sampled } = traceHeader(environment._X_AMZN_TRACE_ID);
  const daemon = /^([\w.-]+):(\d{1,5})$/.exec(environment.AWS_XRAY_DAEMON_ADDRESS ?? '');
  if (sampled !== '1' || !root || !parent || !daemon) return;
  const { createSocket } = await import('node:dgram');
  const document = `{"format":"json","version":1}\n${JSON.stringify(documentOf(subsegment, root, parent))}`;
  const socket = createSocket('udp4').unref();
  await new Promise<void>((resolve) => {
    socket.on('error', () => resolve());
    socket.send(document, Number(daemon[2]), daemon[1], () => resolve());
  });
  socket.close();
}

function traceHeader(header = ''): Partial<Record<string, string>> {
  return Object.fromEntries(header.split(';').map((part) => part.split('=') as [string, string]));
}

function documentOf({ status, error, ...subsegment }: Subsegment, root: string, parent: string): object {
  // A good status with an error: an answer that broke off as it streamed.
  const isFault = status >= 500 || (status < 400 && error !== undefined);
  return {
    id: randomBytes(8).toString('hex'),
    trace_id: root,
    parent_id: parent,
    type: 'subsegment',
    name: subsegment.name,
    start_time: subsegment.startedAtMs / 1000,
    end_time: subsegment.endedAtMs / 1000,
    annotations: subsegment.annotations,
    metadata: { tensorgate: subsegment.metadata },
    http: { response: { status } },
    ...(status >= 400 && status < 500 && { error: true }),
    ...(status === 429 && { throttle: true }),
    ...(isFault && { fault: true, ...(error instanceof Error && { cause: causeOf(error) }) }),
  };
}

function causeOf({ name, message }: Error): object {
  const id = randomBytes(8).toString('hex');
  return { exceptions: [{ id, type: name, message: message.slice(0, 1000) }] };
}
