import { type App, Tags } from 'aws-cdk-lib/core';
import { checkStage } from './check-stage.ts';
import { ServiceStack } from './stacks/service-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import type { StageSettings } from './stage-settings.ts';

export interface StageStacks {
  readonly state: StateStack;
  readonly service: ServiceStack;
}

/**
 * Adds the two stacks of a deployment: what it keeps, and what can go and come back.
 *
 * @param entry file that exports the functions' `handler`; functions/api.ts by default
 */
export function addStage(app: App, stage: string, settings: StageSettings, entry?: string): StageStacks {
  checkStage(stage, settings);
  const prefix = `Tensorgate${stage.charAt(0).toUpperCase()}${stage.slice(1)}`;
  const state = new StateStack(app, `${prefix}State`, {
    settings,
    description: `Tensorgate, stage ${stage}: models and data`,
    terminationProtection: settings.terminationProtection ?? false,
  });
  const service = new ServiceStack(app, `${prefix}Service`, {
    settings,
    models: state.models,
    data: state.data,
    entry,
    description: `Tensorgate, stage ${stage}: functions and APIs`,
  });
  for (const stack of [state, service]) Tags.of(stack).add('tensorgate:stage', stage);
  return { state, service };
}
