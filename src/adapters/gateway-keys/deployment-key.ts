/** An API key of a deployment, without its value. */
export interface DeploymentKey {
  readonly id: string;
  readonly name: string;
  /** The usage plan that it belongs to, by its name in `cdk/stages.ts`. */
  readonly plan: string;
  readonly enabled: boolean;
  readonly created: Date | undefined;
  /** Whether the deployment made it, for its name in `cdk/stages.ts`. */
  readonly isOfStack: boolean;
}
