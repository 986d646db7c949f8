import type { Fields } from '../../core/fields.ts';
import { shownJson } from '../../core/shown-json.ts';
import { isObject } from '../../protocol/is-object.ts';
import { ServiceError } from '../../protocol/service-error.ts';

/** A function that a model may call. */
export interface Tool {
  readonly name: string;
  /** A JSON schema of its arguments. */
  readonly parameters: object;
  /** As it was given, for the template. */
  readonly given: object;
}

export interface Tools {
  /** What the model is told of. */
  readonly told: readonly Tool[];
  /** What it may call. */
  readonly callable: readonly Tool[];
  /** It has to call one. */
  readonly isRequired: boolean;
}

const mostTools = 128;

/** The fields `tools` and `tool_choice`. Throws 400. */
export function readTools(fields: Fields): Tools {
  const given = fields.value('tools') ?? [];
  if (!Array.isArray(given) || given.length > mostTools)
    throw fields.wrong('tools', `a list of ${mostTools} tools at most`);
  const told = given.map(readTool);
  const twice = told.findIndex(({ name }, index) => told.findIndex((other) => other.name === name) !== index);
  if (twice >= 0) {
    const message = `field 'tools': there are two functions '${told[twice]?.name}'`;
    throw new ServiceError(400, message, { field: `tools[${twice}].function.name` });
  }
  const choice = fields.value('tool_choice') ?? (told.length > 0 ? 'auto' : 'none');
  // A word for what it has to call, or the one.
  const named = Object(Object(choice).function).name;
  const isWord = choice === 'none' || choice === 'auto' || choice === 'required';
  if (!isWord && typeof named !== 'string')
    throw fields.wrong('tool_choice', '"none", "auto", "required" or {"type": "function", "function": {"name": …}}');
  const callable = isWord ? told : told.filter(({ name }) => name === named);
  if (choice === 'none') return { told, callable: [], isRequired: false };
  if (callable.length === 0)
    throw fields.wrong('tool_choice', told.length > 0 ? "one of 'tools'" : "nothing without 'tools'");
  return { told, callable, isRequired: choice !== 'auto' };
}

function readTool(tool: unknown, index: number): Tool {
  const at = `tools[${index}]`;
  const { type, function: called } = Object(tool);
  const { name, parameters: given } = Object(called);
  // OpenAI's: a function that does not say takes nothing.
  const parameters = given ?? { properties: {}, additionalProperties: false };
  const isName = typeof name === 'string' && /^[\w.-]{1,64}$/.test(name);
  const isSchema = isObject(parameters);
  if (type === 'function' && isName && isSchema) {
    const { $id: _, type: kind = 'object', ...schema } = parameters;
    if (kind === 'object') return { name, parameters: { type: kind, ...schema }, given: tool as object };
    throw new ServiceError(
      400,
      `${at}.function.parameters: expected a schema of "type": "object", as arguments are one, got ${shownJson(kind)}`,
      { field: `${at}.function.parameters.type` },
    );
  }
  throw new ServiceError(
    400,
    `${at}: expected {"type": "function", "function": {"name": "of letters, digits, _, - and .", "parameters": a JSON schema}}, got ${shownJson(tool)}`,
    { field: at },
  );
}
