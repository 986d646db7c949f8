import { existsSync, mkdirSync, readFileSync } from 'node:fs';

const folder = '.cache/deploy';

/** What the stacks of a stage put out when they were last deployed from here, by name; nothing where they were not. */
export function readOutputs(stage: string): Readonly<Record<string, string>> {
  const file = readOutputs.file(stage);
  if (!existsSync(file)) return {};
  const stacks = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, string>>;
  const outputs = Object.values(stacks).flatMap((stack) => Object.entries(stack));
  // What one stack hands to another is no concern of people.
  return Object.fromEntries(outputs.filter(([name]) => !name.startsWith('ExportsOutput')));
}

/** Where CDK writes them. */
readOutputs.file = (stage: string): string => {
  mkdirSync(folder, { recursive: true });
  return `${folder}/${stage}.json`;
};
