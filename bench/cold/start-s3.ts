import { setUpGoTool } from '../../scripts/set-up-go-tool.ts';
import { S3Server } from '../../test/fakes/s3-server.ts';
import { Child } from '../processes/child.ts';

export interface StartedS3 {
  /** Variables that lead to the server itself, for what is stored beforehand. */
  readonly direct: NodeJS.ProcessEnv;
  /** Variables that lead to it through the proxy that has S3's pace. */
  readonly paced: NodeJS.ProcessEnv;
  end(): Promise<void>;
}

/** Starts an S3 server with the bucket `models`, and the proxy before it. */
export async function startS3(): Promise<StartedS3> {
  process.env.VERSITYGW = setUpGoTool('versitygw');
  const server = new S3Server();
  await server.start();
  const proxy = new Child(process.execPath, ['bench/cold/paced-s3.ts', String(server.port)]);
  const port = await proxy.next(/^listening on (\d+)$/);
  return {
    direct: { PATH: process.env.PATH, ...server.environment },
    paced: { ...server.environment, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}` },
    end: async () => {
      await proxy.end();
      await server.remove();
    },
  };
}
