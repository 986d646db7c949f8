/** Bytes of words up to which they stay where they are. */
const mostBytes = 4096;
/** Bytes of a word that Linux takes in an environment, with its name. */
const mostOfWord = 131_000;
const variable = 'TENSORGATE_WORD_';

/**
 * Has this process begin anew with long words in its environment instead of on its command line. ONNX Runtime looks
 * through that as it loads a model, by a regular expression of libstdc++ that takes some 300 bytes of stack for each
 * character: some 10,000 end the process without a word. To be called before `process.argv` is read, which has the words
 * either way.
 */
export function shortCommandLine() {
  const { argv, env, execPath, execArgv, platform } = process;
  const given = [];
  while (env[variable + given.length] !== undefined) {
    const name = variable + given.length;
    given.push(env[name]);
    delete env[name];
  }
  argv.push(...given);
  const words = argv.slice(2);
  const sizes = words.map((word) => Buffer.byteLength(word) + 1);
  const isLong = sizes.reduce((sum, size) => sum + size, 0) > mostBytes;
  if (platform !== 'linux' || given.length > 0 || !isLong || Math.max(...sizes) > mostOfWord) return;
  const moved = Object.fromEntries(words.map((word, at) => [variable + at, word]));
  process.execve(execPath, [execPath, ...execArgv, argv[1]], { ...env, ...moved });
}
