import type { ExchangeAccess } from '../ports/exchange.ts';
import { ServiceError } from '../protocol/service-error.ts';

/** The exchange, where the host has one; else throws `status`, and says what to do without. */
export function needExchange(access: ExchangeAccess | undefined, status: 400 | 404): ExchangeAccess {
  if (access) return access;
  throw new ServiceError(
    status,
    'this server has no bucket for uploads and results (content_ref, content_link): send data in the body, and take it from the answer',
  );
}
