/** What a setting must be: nothing where the value fits, else what to write. */
export type SettingRule = (value: unknown) => string | undefined;

/** The kinds of settings. */
export const settingRules = {
  whole:
    (min: number, max = Number.MAX_SAFE_INTEGER): SettingRule =>
    (value) =>
      Number.isInteger(value) && Number(value) >= min && Number(value) <= max
        ? undefined
        : `write a whole number ${max === Number.MAX_SAFE_INTEGER ? `of ${min} or more` : `from ${min} to ${max}`}`,

  share: (): SettingRule => (value) =>
    Number.isFinite(value) && Number(value) >= 0 && Number(value) <= 1 ? undefined : 'write a share from 0 to 1',

  positive: (): SettingRule => (value) =>
    Number.isFinite(value) && Number(value) > 0 ? undefined : 'write a number over 0',

  oneOf:
    (...choices: readonly (string | number)[]): SettingRule =>
    (value) =>
      choices.includes(value as string)
        ? undefined
        : `write ${choices.map((choice) => JSON.stringify(choice)).join(' or ')}`,

  items: (): SettingRule => (value) => (Array.isArray(value) ? undefined : 'write a list, such as [{ … }]'),

  flag: (): SettingRule => (value) => (typeof value === 'boolean' ? undefined : 'write true or false'),

  matching:
    (pattern: RegExp, like: string): SettingRule =>
    (value) =>
      typeof value === 'string' && pattern.test(value) ? undefined : `write ${like}`,

  listOf:
    (rule: SettingRule): SettingRule =>
    (value) => {
      if (!Array.isArray(value)) return 'write a list';
      const wrong = value.find((item) => rule(item));
      if (wrong !== undefined) return `${JSON.stringify(wrong)} does not fit: ${rule(wrong)}`;
      return new Set(value).size < value.length ? 'write each only once' : undefined;
    },
};
