import type { Form } from '../form.ts';
import type { MachineBudget } from '../machine-budget.ts';
import type { SchemaDocument } from './schema-document.ts';

/** What the forms of a schema's parts are made with. */
export interface SchemaRules {
  readonly document: SchemaDocument;
  readonly budget: MachineBudget;
  /** Texts of formats within lengths, by both: many places of a schema have the same, which are made once. */
  readonly formatted: Map<string, Form>;
  /** A value that follows the schemas in all of these places; of none: any value. */
  value(places: readonly string[]): Form;
  /** The values, as JSON, of which one has to follow the schemas in all of these places; undefined: they name none. */
  named(places: readonly string[]): readonly string[] | undefined;
  /** Keeps a form as a rule of its own. */
  keep(name: string, form: Form): void;
}
