import type { SettingRule } from './setting-rules.ts';

/** The settings of one object: those it must have, and those it may. */
export interface SettingsShape {
  readonly required: Readonly<Record<string, SettingRule>>;
  readonly optional: Readonly<Record<string, SettingRule>>;
}

/** What is wrong with an object of settings, each with where it stands and what to write. */
export function checkSettings(where: string, settings: unknown, shape: SettingsShape): string[] {
  if (typeof settings !== 'object' || settings === null)
    return [`${where} is ${JSON.stringify(settings)}: write { … }`];
  const rules = { ...shape.required, ...shape.optional };
  const problems = Object.keys(shape.required)
    .filter((name) => (settings as Record<string, unknown>)[name] === undefined)
    .map((name) => `${where}.${name} is missing: ${rules[name]?.(undefined)}`);

  for (const [name, value] of Object.entries(settings)) {
    const rule = rules[name];
    const advice = rule
      ? value !== undefined && rule(value)
      : `there is no such setting: write one of ${Object.keys(rules).join(', ')}`;
    if (advice) problems.push(`${where}.${name} is ${JSON.stringify(value)}: ${advice}`);
  }
  return problems;
}
