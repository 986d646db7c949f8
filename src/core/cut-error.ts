import { ServiceError } from '../protocol/service-error.ts';

/** What is told of a request that was under way when the time that a server had to end was over. */
export class CutError extends ServiceError {
  constructor() {
    super(503, 'the server ended before it had answered the request; send it again', { retryAfterSeconds: 1 });
  }
}
