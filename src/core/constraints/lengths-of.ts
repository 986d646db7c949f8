import type { Form } from './form.ts';

export interface Lengths {
  readonly least: number;
  /** May be Infinity. */
  readonly most: number;
}

/** How many bytes the texts of a form have; one of rules or automata may have any number. */
export function lengthsOf(form: Form): Lengths {
  switch (form.kind) {
    case 'byte':
      return { least: 1, most: 1 };
    case 'literal':
      return { least: form.bytes.length, most: form.bytes.length };
    case 'sequence': {
      const parts = form.parts.map(lengthsOf);
      const sum = (of: keyof Lengths) => parts.reduce((all, each) => all + each[of], 0);
      return { least: sum('least'), most: sum('most') };
    }
    case 'choice': {
      const among = form.among.map(lengthsOf);
      return { least: Math.min(...among.map(({ least }) => least)), most: Math.max(...among.map(({ most }) => most)) };
    }
    case 'repeat': {
      const { least, most } = lengthsOf(form.of);
      return { least: form.least * least, most: most === 0 ? 0 : form.most * most };
    }
    default:
      return { least: 0, most: Number.POSITIVE_INFINITY };
  }
}
