/** What the help of canary and shadow says of their gate. */
export const trialGate = `
The gate: callers of the alias's version can use this one, by the inputs and outputs of both. Where they cannot, nothing is changed, and the
exit code is 2.`;
