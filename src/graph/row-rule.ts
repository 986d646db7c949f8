import type { GraphNode } from './main-graph.ts';
import type { RowValue } from './row-value.ts';

/** The values of a node's inputs; undefined where one is not given. */
export type RowInputs = readonly (RowValue | undefined)[];

/** What is known of each of a node's outputs; undefined where the node may mix rows. */
export type RowRule = (node: GraphNode, inputs: RowInputs, opset: number) => readonly RowValue[] | undefined;
