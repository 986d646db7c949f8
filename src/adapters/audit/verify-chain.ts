import type { ObjectStore } from '../../ports/object-store.ts';
import type { ChainFiles } from './audit-files.ts';
import { chainStart } from './chain-start.ts';
import { readLines } from './read-lines.ts';
import { type ReadLine, verifyLine } from './verify-line.ts';

/** What is wrong with a chain, and where. */
export interface ChainFault {
  readonly chain: string;
  /** The object, in `.audit/`; of one that is missing, which one. */
  readonly key: string;
  /** From 1 on, in the object. */
  readonly line?: number;
  /** What is wrong, in words. */
  readonly problem: string;
}

/** A chain as it was found. */
export interface ChainReport {
  readonly chain: string;
  readonly lines: number;
  /** Of its last line: to be kept elsewhere, and expected the next time. */
  readonly head: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  /** Whether it says itself that no line follows. A chain of a process that runs, or was killed, does not. */
  readonly isEnded: boolean;
  readonly faults: readonly ChainFault[];
}

/** What the next line is to be, as far as it is known. */
interface Expected {
  readonly number?: number;
  readonly hash?: string;
}

export interface VerifyOptions {
  /** Chains may begin with any segment: what came before was deleted as it had its time. */
  readonly mayBeginLate: boolean;
  /** Hears of each line that is whole. */
  readonly onLine: (line: ReadLine) => void;
}

/** Reads a chain to its end, and tells all that is missing from it, was changed, or is in another order. */
export async function verifyChain(
  store: ObjectStore,
  { name: chain, segments }: ChainFiles,
  { mayBeginLate, onLine }: VerifyOptions,
): Promise<ChainReport> {
  const faults: ChainFault[] = [];
  const numbers = [...segments.keys()].sort((a, b) => a - b);
  let expected: Expected = mayBeginLate ? {} : { number: 1, hash: chainStart };
  let head = chainStart;
  let lines = 0;
  let from: string | undefined;
  let to: string | undefined;
  let isEnded = false;
  let next = mayBeginLate ? (numbers[0] ?? 1) : 1;
  for (const number of numbers) {
    if (number > next) {
      faults.push({ chain, key: missingKeys(chain, next, number - 1), problem: 'is missing' });
      expected = {};
    }
    next = number + 1;
    const file = segments.get(number);
    if (!file) continue;
    let at = 0;
    for await (const text of readLines(store, file)) {
      at += 1;
      lines += 1;
      const fault = (problem: string) => faults.push({ chain, key: file.key, line: at, problem });
      const read = verifyLine(text);
      if (typeof read === 'string') {
        fault(read);
        // What it says of itself is not to be believed: of its hash nothing is known.
        expected = expected.number === undefined ? {} : { number: expected.number + 1 };
        continue;
      }
      const problem = whyNotNext(read, expected);
      if (problem) fault(problem);
      onLine(read);
      from ??= String(read.record.at);
      // The chain goes on behind the line that should be here.
      if (expected.number !== undefined && read.number < expected.number) continue;
      head = read.hash;
      expected = { number: read.number + 1, hash: head };
      to = String(read.record.at);
      isEnded = read.record.kind === 'end';
    }
    if (at === 0) faults.push({ chain, key: file.key, problem: 'is empty' });
  }
  return { chain, lines, head, from, to, isEnded, faults };
}

function whyNotNext(
  { number, previous }: Pick<ReadLine, 'number' | 'previous'>,
  { number: wanted = number, hash = previous }: Expected,
): string | undefined {
  if (number === wanted && previous === hash) return undefined;
  if (number > wanted) {
    const last = number - 1;
    const which = last === wanted ? `line ${last}` : `lines ${wanted} to ${last}`;
    return `is line ${number} of the chain: ${which} before it ${last === wanted ? 'was' : 'were'} removed`;
  }
  if (number < wanted) return `is line ${number} of the chain, after line ${wanted - 1}: the order was changed`;
  return `carries another hash than that of line ${number - 1}: that line, or this one, was replaced`;
}

function missingKeys(chain: string, first: number, last: number): string {
  const digits = chain === 'changes' ? 12 : 8;
  const name = (number: number) => `${String(number).padStart(digits, '0')}.jsonl`;
  const place = chain === 'changes' ? 'changes' : chain.replace('calls/', 'calls/<day>/');
  return `${place}/${name(first)}${last > first ? ` to ${name(last)}` : ''}`;
}
