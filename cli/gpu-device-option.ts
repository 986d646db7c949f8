import { Option } from 'commander';
import { wholeNumber } from './whole-number.ts';

/** Which GPU a command runs models on, where it does; `--execution-providers` says that. */
export function gpuDeviceOption(): Option {
  return new Option('--gpu-device <number>', "which of the machine's GPUs runs them")
    .argParser(wholeNumber(0, 255))
    .default(0);
}
