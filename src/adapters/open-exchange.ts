import type { Exchange, ExchangeAccess } from '../ports/exchange.ts';

/** The exchange at an s3:// URI. What it is made of is loaded, and the URI read, when a request first needs it. */
export function openExchange(uri: string, maxUploadBytes: number): ExchangeAccess {
  let opened: Promise<Exchange> | undefined;
  return {
    maxUploadBytes,
    open: () => {
      opened ??= import('./s3-exchange/open-s3-exchange.ts').then(({ openS3Exchange }) => openS3Exchange(uri));
      return opened;
    },
  };
}
