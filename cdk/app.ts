import { App } from 'aws-cdk-lib/core';
import { addStage } from './add-stage.ts';
import { stages } from './stages.ts';

const app = new App();
const stage: string = app.node.tryGetContext('stage') ?? 'dev';
const settings = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
if (!settings)
  throw new Error(`cdk/stages.ts has no stage '${stage}': write -c stage=${Object.keys(stages).join(' or -c stage=')}`);
addStage(app, stage, settings);
