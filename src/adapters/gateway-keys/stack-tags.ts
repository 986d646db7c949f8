/**
 * Tags by which what a stack made is known again; the stack gives them (`cdk/add-stage.ts`,
 * `cdk/stacks/service-stack.ts`).
 */
export const stackTags = {
  /** On all that it made: the stage. */
  stage: 'tensorgate:stage',
  /** On a usage plan: its name in `cdk/stages.ts`. */
  plan: 'tensorgate:plan',
  /** On a usage plan: the URI of the model repository. */
  models: 'tensorgate:models',
  /** On a key: its name in `cdk/stages.ts`. */
  key: 'tensorgate:key',
} as const;
