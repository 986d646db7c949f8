// What the runtime says for those who develop it, and what takes its place. A place in its source is followed by the
// function, whole where the place is a whole path (but on Windows) and else by name, and by the condition that was
// false.
const place = String.raw`\.(?:cc|cpp|h|hpp|cu|cuh):\d+ `;
const parameters = String.raw`(?:\((?:[^()\n]|\([^()\n]*\))*\))+`;
const wholeFunction = String.raw`(?:\(anonymous namespace\)|[^\n(])*${parameters}(?: const)?(?:::\S+)?(?: \[with [^\]]*\])? ?`;
const condition = String.raw`(?:(?:(?!\. )[^\n])*? was false\. (?=\S))?`;
const noise: readonly (readonly [RegExp, string])[] = [
  [/Load model (?:from )?.*? failed[:.]/g, ''],
  [/Non-zero status code returned while running (\S+) node\. Name:'([^']*)' Status Message: /g, "$1 node '$2': "],
  [new RegExp(String.raw`\/\S*${place}${wholeFunction}${condition}`, 'g'), ''],
  [new RegExp(String.raw`\S+${place}\S+ ${condition}`, 'g'), ''],
  [/\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : /g, ''],
  [/ (?:resolved path|allowed directory): "[^"]*"/g, ''],
  [/Exception during initialization: /g, ''],
  [/Please fix either the inputs\/outputs or the model\.?/g, ''],
  [/\s+/g, ' '],
];

/**
 * The runtime's words as callers may read them: without `folders` of this machine, and places in the runtime's source.
 */
export function cleanMessage(message: string, folders: readonly string[] = []): string {
  const local = folders.reduce((text, folder) => text.replaceAll(folder, ''), message);
  return noise.reduce((text, [pattern, words]) => text.replace(pattern, words), local).trim();
}
