import { expect, jest, test } from '@jest/globals';
import { printTable } from '../../cli/print-table.ts';

test('a table has columns as wide as what is in them, however many rows there are', () => {
  const lines: string[] = [];
  const log = jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
  printTable(
    ['NAME', 'BYTES'],
    Array.from({ length: 200_000 }, (_row, at) => (at === 7 ? ['the longest', '1'] : ['a', String(at)])),
  );
  log.mockRestore();
  expect(lines).toHaveLength(200_001);
  expect(lines.slice(0, 2)).toEqual(['NAME         BYTES', 'a            0']);
});
