/** What a gate says that refuses: the command ends with 2. */
export class GateRefusal extends Error {}
