import type { Form } from './form.ts';
import { byte, choice, empty, literal, nothing, repeat, sequence } from './forms.ts';

export interface NumberBounds {
  readonly low: number;
  /** Whether `low` itself is out of bounds. */
  readonly isLowOpen: boolean;
  readonly high: number;
  readonly isHighOpen: boolean;
}

interface Bound {
  /** Digits before the point, without zeros in front, and those after it. */
  readonly whole: readonly number[];
  readonly part: readonly number[];
  readonly isOpen: boolean;
}

/**
 * Digits of a number in all: as many as a double holds of any number, so that none is rounded to a bound that it must
 * not reach.
 */
const maxDigits = 15;
const digit = byte([0x30, 0x39]);
const decimalPoint = literal('.');

/**
 * Numbers between bounds, which may be infinite, written without an exponent and with 15 digits at most; nothing where
 * `low` is above `high`.
 */
export function numbersBetween({ low, isLowOpen, high, isHighOpen }: NumberBounds, isWhole: boolean): Form {
  // Digit by digit, bounds that contradict each other would let the lower one pass.
  if (low > high) return nothing;
  const positive = high < 0 ? nothing : above0(low < 0 ? 0 : low, low >= 0 && isLowOpen, high, isHighOpen, isWhole);
  // Below 0, what is written behind the minus lies between the bounds the other way round, and 0 itself is left to the
  // others.
  const negative = low >= 0 ? nothing : above0(Math.max(0, -high), high >= 0 || isHighOpen, -low, isLowOpen, isWhole);
  return choice(positive, sequence(literal('-'), negative));
}

function above0(low: number, isLowOpen: boolean, high: number, isHighOpen: boolean, isWhole: boolean): Form {
  const greatest = 10 ** maxDigits - 1;
  if (low > greatest) return nothing;
  const from = bound(low, isLowOpen);
  const to = high > greatest ? bound(greatest, false) : bound(high, isHighOpen);
  const lengths: Form[] = [];
  for (let length = from.whole.length; length <= to.whole.length; length += 1) {
    lengths.push(new Digits(from, to, length, isWhole).form());
  }
  return choice(...lengths);
}

function bound(value: number, isOpen: boolean): Bound {
  const [mantissa = '', power = '0'] = String(value).split('e');
  const [whole = '', part = ''] = mantissa.split('.');
  const shift = Number(power);
  const digits = `${'0'.repeat(Math.max(0, -shift))}${whole}${part}${'0'.repeat(Math.max(0, shift))}`;
  const point = Math.max(0, -shift) + whole.length + shift;
  const numbers = (text: string) => Array.from(text, Number);
  return {
    whole: numbers(digits.slice(0, point).replace(/^0+(?=.)/, '')),
    part: numbers(digits.slice(point).replace(/0+$/, '')),
    isOpen,
  };
}

/**
 * Numbers of so many digits before the point, digit by digit: `isLow` and `isHigh` say whether those so far are the
 * bound's own.
 */
class Digits {
  readonly #low: Bound;
  readonly #high: Bound;
  readonly #length: number;
  readonly #mostPart: number;

  constructor(low: Bound, high: Bound, length: number, isWhole: boolean) {
    this.#low = low;
    this.#high = high;
    this.#length = length;
    this.#mostPart = isWhole ? 0 : maxDigits - length;
  }

  form(): Form {
    return this.#whole(0, this.#length === this.#low.whole.length, this.#length === this.#high.whole.length);
  }

  #whole(at: number, isLow: boolean, isHigh: boolean): Form {
    if (at === this.#length) return this.#afterWhole(isLow, isHigh);
    if (at > 0 && !isLow && !isHigh) {
      const left = this.#length - at;
      return sequence(repeat(digit, left, left), this.#afterWhole(false, false));
    }
    const least = isLow ? (this.#low.whole[at] ?? 0) : at === 0 && this.#length > 1 ? 1 : 0;
    const most = isHigh ? (this.#high.whole[at] ?? 0) : 9;
    return next(least, most, isLow, isHigh, (low, high) => this.#whole(at + 1, low, high));
  }

  #afterWhole(isLow: boolean, isHigh: boolean): Form {
    const stop = this.#stop(0, isLow, isHigh);
    if (this.#mostPart === 0) return stop;
    return choice(stop, sequence(decimalPoint, this.#part(0, isLow, isHigh)));
  }

  /** At least one more digit behind the point. */
  #part(at: number, isLow: boolean, isHigh: boolean): Form {
    if (at === this.#mostPart) return nothing;
    if (!isLow && !isHigh) return repeat(digit, 1, this.#mostPart - at);
    const least = isLow ? (this.#low.part[at] ?? 0) : 0;
    const most = isHigh ? (this.#high.part[at] ?? 0) : 9;
    return next(least, most, isLow, isHigh, (low, high) =>
      choice(this.#stop(at + 1, low, high), this.#part(at + 1, low, high)),
    );
  }

  /** The number may be over after so many digits behind the point. */
  #stop(at: number, isLow: boolean, isHigh: boolean): Form {
    const isBelow = isLow && (this.#low.part.length > at || this.#low.isOpen);
    const isAbove = isHigh && this.#high.part.length <= at && this.#high.isOpen;
    return isBelow || isAbove ? nothing : empty;
  }
}

/** One digit from `least` to `most`, and what follows it. */
function next(
  least: number,
  most: number,
  isLow: boolean,
  isHigh: boolean,
  then: (isLow: boolean, isHigh: boolean) => Form,
): Form {
  const one = (from: number, to: number, low: boolean, high: boolean) =>
    from > to ? nothing : sequence(byte([0x30 + from, 0x30 + to]), then(low, high));
  if (isLow && isHigh && least === most) return one(least, most, true, true);
  return choice(
    isLow ? one(least, least, true, false) : nothing,
    isHigh ? one(most, most, false, true) : nothing,
    one(least + (isLow ? 1 : 0), most - (isHigh ? 1 : 0), false, false),
  );
}
