const most = 256;

/** A name as a caller wrote it, as it may stand in a log and on a terminal: short, and of letters that can be seen. */
export function askedName(text: string): string {
  return text.slice(0, most).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\u{fffd}');
}
