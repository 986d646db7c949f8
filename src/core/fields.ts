import { ServiceError } from '../protocol/service-error.ts';
import { shownJson } from './shown-json.ts';

export interface NumberRange {
  readonly from: number;
  readonly to: number;
  /** `from` itself is none of them. @default false */
  readonly isAbove?: boolean;
}

/**
 * The fields of a JSON object, read by name; null is as good as absent. What is wrong is refused with 400: what was
 * expected, and what came.
 */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #kind: string;

  /** Throws 400 where there are others than `known`. `kind`: what they are called in messages. */
  constructor(values: Readonly<Record<string, unknown>>, known: readonly string[], kind = 'field') {
    this.#values = values;
    this.#kind = kind;
    // Clients send what they have no value for as null.
    const unknown = Object.keys(values).find((name) => !known.includes(name) && values[name] !== null);
    if (unknown !== undefined)
      throw new ServiceError(
        400,
        `there is no ${kind} '${unknown.slice(0, 100)}'; the ${kind}s are ${known.join(', ')}`,
        { field: unknown.slice(0, 100), code: 'unknown_parameter' },
      );
  }

  value(name: string): unknown {
    return this.#values[name] ?? undefined;
  }

  text(name: string): string | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'string') return value;
    throw this.wrong(name, 'a text');
  }

  /** The name of a model, which must be there. */
  model(): string {
    const model = this.value('model');
    if (typeof model === 'string') return model;
    throw this.wrong('model', 'the name of a model');
  }

  flag(name: string): boolean | undefined {
    const value = this.value(name);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.wrong(name, 'true or false');
  }

  number(name: string, { from, to, isAbove = false }: NumberRange): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value <= to && (isAbove ? value > from : value >= from)) return value;
    throw this.wrong(name, isAbove ? `a number above ${from}, up to ${to}` : `a number from ${from} to ${to}`);
  }

  whole(name: string, from: number, to: number): number | undefined {
    const value = this.value(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= from && value <= to) return value;
    throw this.wrong(name, `a whole number from ${from} to ${to}`);
  }

  /** A failure that says what was expected of a field, and what it has. */
  wrong(name: string, expected: string): ServiceError {
    const got = shownJson(this.#values[name]);
    return new ServiceError(400, `${this.#kind} '${name}': expected ${expected}, got ${got}`, { field: name });
  }
}
