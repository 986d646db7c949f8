import { describe, expect, test } from '@jest/globals';
import { movedTarget } from '../../../src/core/releases/moved-target.ts';
import { promotedVersion } from '../../../src/core/releases/promoted-version.ts';
import { rolledBack } from '../../../src/core/releases/rolled-back.ts';
import { withNote } from '../../../src/core/releases/with-note.ts';
import { withTarget } from '../../../src/core/releases/with-target.ts';
import type { AliasTarget, ReleaseState } from '../../../src/ports/model-store.ts';

const canary = { version: 5, percent: 10 };
const target: AliasTarget = { version: 4, previous: 3, canary };
const state: ReleaseState = { aliases: { production: target, old: { version: 3 } }, versionNotes: {} };

describe('an alias', () => {
  test('is changed where it is still as it was seen', () => {
    const after = withTarget(state, 'production', { ...target, canary: { percent: 10, version: 5 } }, { version: 5 });
    expect(after).toEqual({ aliases: { production: { version: 5 }, old: { version: 3 } }, versionNotes: {} });
    expect(withTarget(state, 'next', undefined, { version: 9 }).aliases.next).toEqual({ version: 9 });
  });

  test('is left alone, and whoever comes late is told what changed', () => {
    expect(() => withTarget(state, 'production', { version: 4 }, { version: 6 })).toThrow(
      "somebody else changed alias 'production' meanwhile: it led to version 4, and leads to version 4, and with 10 % of its calls to version 5 now",
    );
    expect(() => withTarget(state, 'old', undefined, { version: 6 })).toThrow(
      'it led to nothing, and leads to version 3',
    );
    expect(() => withTarget(state, 'constructor', { version: 1 }, { version: 6 })).toThrow('leads to nothing now');
  });

  test('is not written anew where it leads there already', () => {
    expect(withTarget(state, 'production', target, { ...target })).toBe(state);
  });

  test('keeps what it led to before, and nothing that was held against that', () => {
    expect(movedTarget(target, 6)).toEqual({ version: 6, previous: 4 });
    expect(movedTarget(target, 4)).toEqual({ version: 4, previous: 3 });
    expect(movedTarget(undefined, 1, 'slow')).toEqual({ version: 1, forced: 'slow' });
  });
});

test('promote means the canary, unless it was taken back', () => {
  expect(promotedVersion('production', target)).toBe(5);
  const stopped = { ...target, canary: { ...canary, percent: 0, stopped: 'too many errors' } };
  expect(() => promotedVersion('production', stopped)).toThrow('was taken back: too many errors');
  expect(() => promotedVersion('production', { version: 4 })).toThrow('has no canary to promote');
  expect(() => promotedVersion('production', undefined)).toThrow('has no canary to promote');
});

describe('rollback', () => {
  test('takes the canary back, and does no more', () => {
    const back = rolledBack('production', target, [3, 4, 5], 'by hand');
    expect(back).toEqual({ ...target, canary: { version: 5, percent: 0, stopped: 'by hand' } });
    expect(() => rolledBack('production', back, [3, 4, 5], 'by hand')).toThrow(
      "the canary of alias 'production', version 5, was taken back already: by hand; tensorgate alias <model> production=3 goes back further",
    );
    // What it led to before was deleted.
    expect(() => rolledBack('production', back, [4, 5], 'by hand')).toThrow(/taken back already: by hand$/);
    expect(() => rolledBack('production', undefined, [4, 5], 'by hand')).toThrow(
      "there is no alias 'production' to roll back: tensorgate alias <model> production=<version>, or promote <model>@<version>, makes it",
    );
  });

  test('goes back to what was before, and not forth again', () => {
    const back = rolledBack('production', { version: 4, previous: 3 }, [3, 4], 'by hand');
    expect(back).toEqual({ version: 3 });
    expect(() => rolledBack('production', back, [3, 4, 5], 'by hand')).toThrow(
      "alias 'production' leads to version 3, and there is no step back from there",
    );
  });

  test('has nowhere to go from what was there first', () => {
    expect(() => rolledBack('production', { version: 4 }, [4], '')).toThrow('there is no step back from there');
    expect(() => rolledBack('production', undefined, [4], '')).toThrow("there is no alias 'production'");
  });
});

describe('a note of a version', () => {
  test('stands beside those that there are', () => {
    const once = withNote(state, 2, { deprecated: 'old' });
    expect(withNote(once, 2, { deleted: true }).versionNotes).toEqual({ 2: { deprecated: 'old', deleted: true } });
  });

  test.each([
    [3, "alias 'old': let that lead elsewhere first"],
    [4, "alias 'production': let that lead elsewhere first"],
    [5, "alias 'production' as its canary: tensorgate canary <model>@5 --percent 0 --alias production ends that"],
  ])('does not delete version %p, which is in use', (version, place) => {
    expect(() => withNote(state, version, { deleted: true })).toThrow(`version ${version} is in use by ${place}`);
    expect(withNote(state, version, { deprecated: 'x' }).versionNotes).toEqual({ [version]: { deprecated: 'x' } });
  });
});
