import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../scripts/free-port.ts';

/**
 * A real S3 server, versitygw, of this name on the PATH or where VERSITYGW says; with the bucket `models`, which is a
 * folder.
 */
export class S3Server {
  readonly folder = mkdtempSync(join(tmpdir(), 'tensorgate-s3-server-'));
  port = 0;
  #process: ChildProcess | undefined;

  /** What a client needs. */
  get environment(): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: 'key',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_REGION: 'us-east-1',
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${this.port}`,
    };
  }

  /** Starts it, on the port that it had where it ran before, and waits until it accepts. */
  async start(): Promise<void> {
    mkdirSync(join(this.folder, 'buckets/models'), { recursive: true });
    this.port ||= await freePort();
    const login = ['--access', 'key', '--secret', 'secret'];
    const place = ['--port', `127.0.0.1:${this.port}`, 'posix', join(this.folder, 'buckets')];
    this.#process = spawn(process.env.VERSITYGW ?? 'versitygw', [...login, ...place], {
      stdio: 'ignore',
      timeout: 180_000,
    });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const socket = connect(this.port, '127.0.0.1');
      const isOpen = await once(socket, 'connect').then(
        () => true,
        () => false,
      );
      socket.destroy();
      if (isOpen) return;
      await pause(50);
    }
    throw new Error('versitygw does not accept connections');
  }

  /** Kills it; what it stored stays. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
