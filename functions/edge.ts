import middy from '@middy/core';
import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { streamedPaths } from '../src/settings.ts';
import { EdgeRequest, type RequestOptions, type RequestWork } from './edge-request.ts';
import { logger } from './logger.ts';
import { streamHandler } from './stream-handler.ts';
import { timeLimit } from './time-limit.ts';
import { unknownEvent } from './unknown-event.ts';

/** An event that only keeps an environment warm. */
interface WarmUpEvent {
  readonly source: 'tensorgate.warm-up';
}

type Event = APIGatewayProxyEvent | WarmUpEvent | null;

export interface EdgeWork extends RequestWork {
  /** Gets the environment ready for the next request; nobody waits for it. */
  warmUp(): Promise<void>;
}

export interface EdgeOptions extends RequestOptions {
  /** Whether API Gateway takes streams at the paths of `streamedPaths`. @default false */
  readonly streams?: boolean | undefined;
}

/**
 * The one place that knows middy and, with `EdgeRequest`, API Gateway's events: turns an event into a request, the
 * answer into a result, and records both. A deadline ends the work and answers 504 before Lambda would end the process.
 */
export function edge(work: EdgeWork, options: EdgeOptions) {
  let isColdStart = true;

  const warmUp = async (context: Context): Promise<void> => {
    const deadline = timeLimit(context.getRemainingTimeInMillis());
    try {
      await Promise.race([work.warmUp(), deadline.passed]);
    } catch (error) {
      logger.error('the environment could not be warmed up', error as Error);
    } finally {
      deadline.end();
    }
  };

  const handler = async (event: Event, context: Context) => {
    if (isRequest(event)) {
      const streams = options.streams === true && streamedPaths.test(event.resource);
      const request = new EdgeRequest(event, context, work, { ...options, streams, isColdStart });
      isColdStart = false;
      return request.respond();
    }
    if (event?.source === 'tensorgate.warm-up') {
      await warmUp(context);
      return undefined;
    }
    throw unknownEvent(`a request of API Gateway's REST proxy, or {"source":"tensorgate.warm-up"}`, event);
  };
  const wrapped = middy(handler);
  // middy's type has two forms, of which the runtime knows the one without options.
  return options.streams ? streamHandler((event: Event, context) => wrapped(event, context)) : wrapped;
}

function isRequest(event: Event): event is APIGatewayProxyEvent {
  return event !== null && 'httpMethod' in event && 'path' in event && 'requestContext' in event;
}
