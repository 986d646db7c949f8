// The global that Lambda's runtime for Node gives to functions that stream, as its public client of the runtime API has
// it. Source: AWS, "Writing response streaming-enabled Lambda functions"; aws-lambda-nodejs-runtime-interface-client,
// src/stream.

const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
const ofStreams = 'application/vnd.awslambda.http-integration-response';

export const awslambda = {
  streamifyResponse(handler) {
    handler[streaming] = 'response';
    return handler;
  },
  HttpResponseStream: {
    from(stream, head) {
      stream.setContentType(ofStreams);
      stream.beforeFirstWrite = (write) => {
        write(JSON.stringify(head));
        write(new Uint8Array(8));
      };
      return stream;
    },
  },
};

/** Whether the runtime is to give `handler` a stream. */
export function isStreaming(handler) {
  return handler[streaming] === 'response';
}

/** What the runtime gives to a handler in place of `writable`: what stands before a body goes with the first write. */
export function responseStream(writable, setContentType) {
  const write = writable.write.bind(writable);
  let hasWritten = false;
  writable.setContentType = setContentType;
  writable.write = (...args) => {
    if (!hasWritten) writable.beforeFirstWrite?.(write);
    hasWritten = true;
    return write(...args);
  };
  return writable;
}
