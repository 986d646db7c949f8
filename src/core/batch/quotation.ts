const newline = 0x0a;
// Of the byte-order mark that a file may begin with: three bytes.
const endOfMark = 0xbf;
const markBytes = 3;

/**
 * Whether bytes of CSV lie in a quoted field, told mark by mark. A mark opens a field where it is the first of it, and
 * doubles the one before that closed it; any other within a field is out of place, and opens nothing: the records after
 * it are not its. Source: RFC 4180.
 */
export class Quotation {
  isOpen = false;
  /** Where the field that is open, or was last, began. */
  openedAt = -1;
  #closedAt = -1;
  readonly #separator: number;

  /** @param separator the byte between fields */
  constructor(separator: number) {
    this.#separator = separator;
  }

  /**
   * Passes the mark at `at`; `before` is the byte before it, undefined where there is none. Returns whether it has its
   * place.
   */
  pass(at: number, before: number | undefined): boolean {
    if (this.isOpen) {
      this.isOpen = false;
      this.#closedAt = at;
      return true;
    }
    const isDoubled = this.#closedAt >= 0 && this.#closedAt === at - 1;
    if (!isDoubled && !this.#isFirst(at, before)) return false;
    if (!isDoubled) this.openedAt = at;
    this.isOpen = true;
    return true;
  }

  #isFirst(at: number, before: number | undefined): boolean {
    if (before === undefined || before === this.#separator || before === newline) return true;
    return at === markBytes && before === endOfMark;
  }
}
