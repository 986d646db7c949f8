import { App } from 'aws-cdk-lib/core';
import { addStage } from './add-stage.ts';
import { SettingsError } from './settings-error.ts';
import { stages } from './stages.ts';

const app = new App();
const stage: string = app.node.tryGetContext('stage') ?? 'dev';
try {
  const settings = Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (!settings)
    throw new SettingsError(
      `cdk/stages.ts has no stage '${stage}': write -c stage=${Object.keys(stages).join(' or -c stage=')}`,
    );
  // An emulator of AWS has no streams: -c streaming=false leaves them out of any stage.
  const streaming = app.node.tryGetContext('streaming') === 'false' ? false : settings.streaming;
  addStage(app, stage, { ...settings, ...(streaming !== undefined && { streaming }) });
} catch (error) {
  if (!(error instanceof SettingsError)) throw error;
  // Where in the code it was noticed is of no use to whoever wrote the setting.
  console.error(error.message);
  process.exit(1);
}
