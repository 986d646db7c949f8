import type { ServiceLog } from '../src/adapters/service-log.ts';
import { logger } from './logger.ts';

/** The function's log, as the service writes to it. */
export const serviceLog: ServiceLog = {
  info: (fields, message) => logger.info(message, { ...fields }),
  warn: (fields, message) => logger.warn(message, { ...fields }),
  error: (fields, message) => logger.error(message, { ...fields }),
};
