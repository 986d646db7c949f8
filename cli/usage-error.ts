/**
 * Words of a command that are understood one by one, but not together: it ends with the exit code of a mistyped option.
 */
export class UsageError extends Error {}
