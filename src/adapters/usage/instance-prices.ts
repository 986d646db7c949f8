import papaparse from 'papaparse';

/** What an hour of an instance is told by. */
const wanted = {
  TermType: 'OnDemand',
  'Operating System': 'Linux',
  Tenancy: 'Shared',
  'Pre Installed S/W': 'NA',
  CapacityStatus: 'Used',
  Unit: 'Hrs',
};

/**
 * USD of an hour of instances of these types, on demand with Linux, out of EC2's price list in CSV, of which a line is
 * in memory at a time. Types that a region does not have are left out. Rejects where it is no such list.
 */
export async function instancePrices(
  csv: ReadableStream<Uint8Array>,
  types: readonly string[],
): Promise<Readonly<Record<string, number>>> {
  const prices: Record<string, number> = {};
  let head: readonly string[] | undefined;
  for await (const line of linesOf(csv)) {
    if (!head) {
      // A few lines about the file come first.
      if (line.startsWith('"SKU"')) head = cellsOf(line);
      continue;
    }
    if (!types.some((type) => line.includes(`"${type}"`))) continue;
    const cells = cellsOf(line);
    const cell = (name: string) => cells[head?.indexOf(name) ?? -1] ?? '';
    const price = Number(cell('PricePerUnit'));
    const isWanted = Object.entries(wanted).every(([name, value]) => cell(name) === value);
    if (isWanted && price > 0 && types.includes(cell('Instance Type'))) prices[cell('Instance Type')] = price;
  }
  if (!head) throw new Error("EC2's price list has no line that begins with SKU: AWS may have changed it");
  return Object.fromEntries(types.flatMap((type) => (prices[type] === undefined ? [] : [[type, prices[type]]])));
}

function cellsOf(line: string): readonly string[] {
  return papaparse.parse<string[]>(line).data[0] ?? [];
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  let rest = '';
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split(/\r?\n/);
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}
