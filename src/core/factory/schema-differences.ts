import type { TensorSpec } from '../../protocol/tensor-spec.ts';
import type { Schema } from '../releases/schema-breaks.ts';
import { shapeWords } from '../shape-words.ts';
import type { Finding } from './finding.ts';

/**
 * In what a model takes or gives something else than the one that it was made of; empty where callers cannot tell them
 * apart.
 */
export function schemaDifferences(source: Schema, converted: Schema): readonly Finding[] {
  return [
    ...differences('input', source.inputs, converted.inputs),
    ...differences('output', source.outputs, converted.outputs),
  ];
}

function differences(role: 'input' | 'output', before: readonly TensorSpec[], after: readonly TensorSpec[]) {
  const found: Finding[] = [];
  for (const old of before) {
    const next = after.find(({ name }) => name === old.name);
    const place = `${role} '${old.name}'`;
    if (!next) {
      const has = after.map(({ name }) => name).join(', ') || 'none';
      found.push({ name: `other-${role}s`, words: `${place} is gone; the ${role}s are ${has}` });
    } else if (next.datatype !== old.datatype) {
      found.push({ name: 'other-datatype', words: `${place} is ${next.datatype}, expected ${old.datatype}` });
    } else if (shapeWords(next) !== shapeWords(old)) {
      const isLost = old.anyRank || old.shape.some((size, axis) => size === -1 && next.shape[axis] !== -1);
      const name = isLost ? 'lost-free-dimension' : 'other-shape';
      found.push({ name, words: `${place} is ${shapeWords(next)}, expected ${shapeWords(old)}, -1 being any size` });
    }
  }
  for (const { name } of after) {
    if (before.some((old) => old.name === name)) continue;
    found.push({ name: `other-${role}s`, words: `${role} '${name}' is new: the source has no such ${role}` });
  }
  return found;
}
