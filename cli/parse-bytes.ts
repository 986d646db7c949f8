/** Bytes as they are given on the command line, such as 500M or 8G, in powers of 1024; undefined for what is none. */
export function parseBytes(text: string): number | undefined {
  const [, number, unit = ''] = /^([0-9]{1,13})([KMG]?)i?B?$/i.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit.toUpperCase());
}
