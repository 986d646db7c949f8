import type { GraphBuilder } from '../graph-builder.ts';
import type { AddedLoss } from './added-loss.ts';
import type { Distillation } from './loss.ts';

/**
 * The Kullback-Leibler divergence of what a student says from what a teacher says, both logits whose last axis is that
 * of the classes: T² Σ q (log q − log p) / rows of q = softmax(teacher / T) and p = softmax(student / T). Its gradient
 * by the student is T (p − q) / rows.
 *
 * Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network", 2015, section 2, equation 2; T²
 * keeps the size of the gradients where the temperature is changed.
 */
export function distillation(
  graph: GraphBuilder,
  student: string,
  teacher: string,
  { temperature = 1 }: Omit<Distillation, 'kind'>,
): AddedLoss {
  const logarithms = (logits: string) =>
    graph.op('LogSoftmax', [graph.op('Mul', [logits, graph.number(1 / temperature, student)])], { axis: -1 });
  const [said, wanted] = [logarithms(student), logarithms(teacher)];
  const [p, q] = [graph.op('Exp', [said]), graph.op('Exp', [wanted])];
  const rows = graph.inTypeOf(graph.op('Size', [graph.op('ReduceMax', [student, graph.wholes([-1])])]), student);
  const sum = graph.op('ReduceSum', [graph.op('Mul', [q, graph.op('Sub', [wanted, said])])], { keepdims: 0 });
  const scale = (power: number) => graph.op('Div', [graph.number(temperature ** power, student), rows]);
  return {
    loss: graph.op('Mul', [sum, scale(2)]),
    gradient: graph.op('Mul', [graph.op('Sub', [p, q]), scale(1)]),
  };
}
