import type { AuditLevel } from './audit/audit-level.ts';
import type { ServiceOptions } from './create-service.ts';
import type { ModelJobsOptions } from './model-jobs/open-model-jobs.ts';
import type { CallersOptions } from './open-callers.ts';
import type { RunningServer } from './running-server.ts';

/** What a server is told that stands alone. */
export interface ServerOptions
  extends CallersOptions,
    Omit<
      ServiceOptions,
      | 'store'
      | 'exchange'
      | 'batches'
      | 'jobs'
      | 'metrics'
      | 'usage'
      | 'sageMaker'
      | 'makeDataPlane'
      | 'needsKey'
      | 'openRemoteModel'
      | 'log'
    > {
  readonly models: string;
  /** The models to serve: they load at the start, and stay. @default all there are, as they are set */
  readonly only?: readonly string[] | undefined;
  /**
   * File or folder of public keys, or their PEM: versions that none of them signed are not loaded. @default signatures
   * are not asked for
   */
  readonly requireSignature?: string | undefined;
  /** Folder for the files of batch jobs. @default none: no batch jobs */
  readonly data?: string | undefined;
  /** Jobs that make models, so many at once, and what does one; with `data`. @default none: no such jobs */
  readonly modelJobs?: Pick<ModelJobsOptions, 'most' | 'run'> | undefined;
  readonly host: string;
  readonly port: number;
  /** Port of gRPC; 0 picks a free one. @default none: no gRPC */
  readonly grpcPort?: number | undefined;
  /** Files of a certificate, with its chain, and its key, in PEM, for all ports. @default none: not over TLS */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** Origin whose pages may call, or `*`. @default none */
  readonly corsOrigin?: string | undefined;
  readonly watch: boolean;
  /** With `watch`: seconds between looks at what aliases lead to. */
  readonly releaseSeconds: number;
  /** Bytes of answers that are kept, of models that want that. @default none are kept */
  readonly responseCacheBytes?: number;
  /**
   * Keep SageMaker's contract with a container; without a repository, all models are those that it brings. @default
   * none
   */
  readonly sagemaker?: { readonly hasRepository: boolean } | undefined;
  /** Of which calls there are lines in the audit log of the repository. @default off */
  readonly audit?: AuditLevel;
  /** Of calls that are in the audit log, the share whose inputs are kept beside it. @default 0 */
  readonly auditBodies?: number;
  /** Count what callers use, in `.usage` of the repository. @default false */
  readonly usage?: boolean;
  /**
   * Milliseconds between two times that both are written: what is younger is lost where the process is killed. @default
   * 5000
   */
  readonly recordsEveryMs?: number;
  /** File of other servers that have models of ensembles' steps. @default there are none */
  readonly stepServers?: string | undefined;
  /**
   * File of private keys in PEM, or their PEM: callers may encrypt payloads to them. @default none: an encrypted
   * request is refused
   */
  readonly payloadKey?: string | undefined;
  /** URL of the collector that traces are sent to, by OTLP over HTTP. @default none: no traces */
  readonly otlpEndpoint?: string | undefined;
  /** Hears of the server as soon as it listens, while its models load. @default nobody */
  readonly onListening?: (server: RunningServer) => void;
  /** Keep forms of models that are prepared for this machine in the cache of this disk, for the next start. */
  readonly prepare: boolean;
  /** Seconds between lines of the log that tell how long requests waited. @default 0: none */
  readonly reportSeconds?: number;
  readonly logLevel: string;
}
