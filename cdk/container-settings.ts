import type { accelerators } from './constructs/accelerators.ts';

/** What endpoints in containers have in common. */
interface EndpointInContainerSettings {
  /** Name in the templates, such as `Vision`. Another name is another service. */
  readonly name: string;
  /** The models that it serves, and that no other does. All are loaded before it takes requests, and stay. */
  readonly models: readonly string[];
  /**
   * Name that the certificate is for, such as `vision.example.com`: what gRPC callers ask for, and what API Gateway
   * checks.
   */
  readonly domainName: string;
  /** Certificate of ACM for the name, of the stack's own region. */
  readonly certificateArn: string;
  /**
   * Image in ECR, by tag or digest. @default built from containers/inference by `cdk deploy`, which needs Docker then
   */
  readonly image?: string;
  /**
   * gRPC callers need a key of `.access/grpc-keys.json` in the model bucket. @default false: whoever reaches the port
   * may call
   */
  readonly needsGrpcKeys?: boolean;
  /**
   * Memory in MB; with a GPU a virtual CPU comes with each 4096, or 8192 with 'l40s'. @default 4096; with a GPU 14336
   */
  readonly memoryMb?: number;
  /** Containers at least. @default 1 */
  readonly minContainers?: number;
  /** Containers at most. @default minContainers: no scaling */
  readonly maxContainers?: number;
  /** Milliseconds that requests should wait for a run, on average; past it there are more containers. @default 50 */
  readonly queueTargetMs?: number;
  /**
   * Minutes without an inference after which it has no container, 15–1440; and one at most otherwise. Who asks then
   * gets 503 with Retry-After until one has started. @default none: there are always minContainers
   */
  readonly idleMinutes?: number;
}

/** A service on Fargate: models too large for Lambda, or with steady traffic. */
export interface ContainerEndpointSettings extends EndpointInContainerSettings {
  readonly kind: 'container';
  /** Virtual CPUs: 1, 2, 4, 8 or 16. @default 2 */
  readonly cpus?: number;
  /** Processors: 'x86_64' or 'arm64'. @default 'x86_64' */
  readonly architecture?: 'x86_64' | 'arm64';
}

/** A service on machines with an NVIDIA GPU, which ECS starts and replaces. */
export interface GpuEndpointSettings extends EndpointInContainerSettings {
  readonly kind: 'gpu';
  /**
   * The GPU, or a half, a quarter or an eighth of an L4, which has so much of its 24 GB; of the engine 'vllm' also four
   * or eight. @default 'l4'
   */
  readonly accelerator?: keyof typeof accelerators;
  /**
   * What serves. 'triton' is NVIDIA's, for models that ONNX Runtime does not run: `image` is then a copy of
   * nvcr.io/nvidia/tritonserver in ECR, and there are always minContainers. 'vllm' is for one large language model, in
   * Hugging Face's layout, and answers OpenAI's API at /v2/models/<model>/v1: `image` is AWS's own without one, and
   * there are always minContainers too. @default 'tensorgate'
   */
  readonly engine?: 'tensorgate' | 'triton' | 'vllm';
  /** Of the engine 'vllm': the version of its model. @default 1 */
  readonly modelVersion?: number;
}

/** The network that endpoints in containers have to themselves. */
export interface NetworkSettings {
  /**
   * Its addresses, a /16 to a /22: others than those of networks that are to be peered with it. @default '10.0.0.0/16'
   */
  readonly range?: string;
  /** Addresses of networks that are peered with it, whose callers may come by gRPC. @default none */
  readonly callerRanges?: readonly string[];
}
