/** What is new of a call. */
export interface ToolCallDelta {
  /** Once, with the first. */
  readonly name?: string;
  /** The next piece of its arguments, which are JSON. */
  readonly arguments: string;
}

// Behind the mark that some models write before it.
const beginning = /^\s*(?:<tool_call>\s*)?\{\s*"name"\s*:\s*("(?:[^"\\]|\\.)*")\s*,\s*"arguments"\s*:\s*(?=\S)/;
/** What may be the end of the object around the arguments, rather than of them. */
const ending = /\s*\}?\s*$/;

/** Reads a call, `{"name": …, "arguments": …}`, as its text comes. */
export class ToolCallText {
  #text = '';
  /** Where its arguments begin; undefined: not yet. */
  #from: number | undefined;
  #given = 0;

  /** What is new with one more piece; undefined: nothing. */
  push(piece: string): ToolCallDelta | undefined {
    this.#text += piece;
    const found = this.#from === undefined ? beginning.exec(this.#text) : undefined;
    if (found) {
      this.#from = found[0].length;
      this.#given = this.#from;
    }
    if (this.#from === undefined) return undefined;
    const end = this.#given + (ending.exec(this.#text.slice(this.#given))?.index ?? 0);
    const text = this.#take(end);
    if (found) return { name: JSON.parse(found[1] as string), arguments: text };
    return text === '' ? undefined : { arguments: text };
  }

  /** What is left at its end: of a call that was cut, all that there is. */
  end(): string {
    if (this.#from === undefined) return '';
    const rest = this.#text.slice(this.#given);
    return this.#isWhole() ? '' : rest;
  }

  #take(end: number): string {
    const text = this.#text.slice(this.#given, end);
    this.#given = end;
    return text;
  }

  #isWhole(): boolean {
    try {
      JSON.parse(this.#text.slice(this.#text.indexOf('{')));
      return true;
    } catch {
      return false;
    }
  }
}
