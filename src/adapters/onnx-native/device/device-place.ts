/**
 * A device that sessions run on: one of the machine's GPUs, counted from 0, or its processor, which stands in for one
 * in tests.
 */
export interface DevicePlace {
  readonly kind: 'cpu' | 'cuda';
  readonly id: number;
}
