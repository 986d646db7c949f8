import type { Run, Session } from '../ports/session.ts';
import type { StoredAnswer } from '../ports/stored-answer.ts';
import { countElements } from '../protocol/count-elements.ts';
import { mostElements } from './most-elements.ts';
import { trialInputs } from './trial-inputs.ts';

/** The run that a stored answer is the answer to. Throws an Error where it was taken from a model with other inputs. */
export function trialRun(session: Session, { values, inputs }: Omit<StoredAnswer, 'outputs'>): Run {
  const shapes = session.inputs.map(({ name, shape }) => {
    const given = inputs.find((input) => input.name === name)?.shape;
    const fits = given?.length === shape.length && shape.every((size, axis) => size === -1 || size === given[axis]);
    if (given && fits && countElements(given) <= mostElements) return given;
    throw new Error(`its stored answer does not fit its inputs: '${name}' takes [${shape}], and was given [${given}]`);
  });
  return {
    inputNames: session.inputs.map((input) => input.name),
    inputs: trialInputs(session.inputs, shapes, values),
    outputNames: session.outputs.map((output) => output.name),
  };
}
