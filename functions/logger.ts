import { Logger } from '@aws-lambda-powertools/logger';

/** The function's log, in JSON; keys that are appended stand in each line. */
export const logger = new Logger();
