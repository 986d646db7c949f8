const day = '(0[1-9]|1[0-9]|2[0-8])';
// Python's dates begin with year 1.
const year = '([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)';
const usual = `${year}-(${[`(0[1-9]|1[0-2])-${day}`, '(0[13-9]|1[0-2])-(29|30)', '(0[13578]|1[02])-31'].join('|')})`;
const leapYear = '([0-9]{2}(0[48]|[2468][048]|[13579][26])|(0[48]|[2468][048]|[13579][26])00)';
const date = `(${usual}|${leapYear}-02-29)`;
const time = '([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])';
// Without two hyphens in a row, which say that a name is written in another alphabet.
const label = '[a-z0-9]{1,15}(-[a-z0-9]{1,10}){0,2}';
// A host that ends in a number is taken for an address.
const domain = '[a-z]{2,15}';
const hostname = `(${label}\\.){0,3}${domain}`;
const byte = '(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])';
const part = '[0-9a-f]{1,4}';

const email = `[a-z0-9_+-]{1,30}(\\.[a-z0-9_+-]{1,20}){0,2}@(${label}\\.){1,3}${domain}`;
const shortHost = '[a-z0-9]{1,10}\\.[a-z]{2,9}';

/**
 * The formats that strings are held to: of each, texts that have it without doubt, though not all of them; behind them
 * shorter ones, for strings that may not be as long.
 */
export const formatPatterns: Readonly<Record<string, readonly string[]>> = {
  date: [`^${date}$`],
  'date-time': [`^${date}T${time}$`],
  duration: ['^P([1-9][0-9]{0,3}D|T[1-9][0-9]{0,3}[HMS])$'],
  email: [`^${email}$`, `^[a-z0-9_+-]{1,30}@${label}\\.${domain}$`, `^[a-z0-9_+-]{1,10}@${shortHost}$`],
  hostname: [`^${hostname}$`, `^${label}\\.${domain}$`, `^${shortHost}$`],
  ipv4: [`^${byte}(\\.${byte}){3}$`],
  ipv6: [`^${part}(:${part}){7}$`],
  time: [`^${time}$`],
  uri: [
    `^https?://${hostname}(/[A-Za-z0-9._~-]{0,40}){0,6}$`,
    `^https?://${label}\\.${domain}(/[A-Za-z0-9._~-]{0,40}){0,3}$`,
    `^https?://${shortHost}(/[A-Za-z0-9._~-]{0,10}){0,2}$`,
  ],
  uuid: ['^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'],
  // pydantic's, of one version.
  ...Object.fromEntries(
    [1, 3, 4, 5, 6, 7, 8].map((version) => [
      `uuid${version}`,
      [`^[0-9a-f]{8}-[0-9a-f]{4}-${version}[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`],
    ]),
  ),
};

/** Formats that any string has: they say what it is for. */
export const freeFormats: readonly string[] = ['binary', 'password', 'path'];

/**
 * Zod's, beside their format, whose texts all have them as it is: one looks ahead in the middle, which answers cannot be
 * held to, and the other would make too many states.
 */
export const impliedPatterns: Readonly<Record<string, string>> = {
  duration: String.raw`^P(?:(\d+W)|(?!.*W)(?=\d|T\d)(\d+Y)?(\d+M)?(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+([.,]\d+)?S)?)?)$`,
  hostname: String.raw`^(?=.{1,253}\.?$)[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[-0-9a-zA-Z]{0,61}[0-9a-zA-Z])?)*\.?$`,
};

/** Zod's, which say no more than the pattern that stands beside them. */
export const patternFormats: readonly string[] = [
  'base64url',
  'cidrv4',
  'cidrv6',
  'cuid',
  'cuid2',
  'e164',
  'guid',
  'ksuid',
  'lowercase',
  'mac',
  'nanoid',
  'ulid',
  'uppercase',
  'xid',
];
