import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Subsegment, sendSubsegment } from '../../functions/send-subsegment.ts';

const subsegment: Subsegment = {
  name: 'answer',
  startedAtMs: 1_700_000_000_000,
  endedAtMs: 1_700_000_000_250,
  status: 200,
  annotations: { model: 'iris', version: '3', coldStart: true },
  metadata: { path: '/v2/models/iris/infer' },
};
const root = '1-5759e988-bd862e3fe1be46a994272793';

describe('sendSubsegment', () => {
  let daemon: Socket;
  let environment: Record<string, string>;
  const received: string[] = [];
  /** What the daemon hears of a subsegment; of one that is not sent, that of the next. */
  const hear = async (more: Partial<Subsegment> = {}) => {
    const heard = once(daemon, 'message');
    await sendSubsegment({ ...subsegment, ...more }, environment);
    const [message] = (await heard) as [Buffer];
    const [header, document] = message.toString().split('\n') as [string, string];
    return { header: JSON.parse(header), document: JSON.parse(document) };
  };

  beforeEach(async () => {
    daemon = createSocket('udp4').on('message', (message) => received.push(message.toString()));
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');
    received.length = 0;
    environment = {
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
      _X_AMZN_TRACE_ID: `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=1:a:0`,
    };
  });
  afterEach(() => void daemon.close());

  test('is one document under the segment of the invocation', async () => {
    expect(await hear()).toEqual({
      header: { format: 'json', version: 1 },
      document: {
        id: expect.stringMatching(/^[0-9a-f]{16}$/),
        trace_id: root,
        parent_id: '53995c3f42cd8ad8',
        type: 'subsegment',
        name: 'answer',
        start_time: 1_700_000_000,
        end_time: 1_700_000_000.25,
        annotations: { model: 'iris', version: '3', coldStart: true },
        metadata: { tensorgate: { path: '/v2/models/iris/infer' } },
        http: { response: { status: 200 } },
      },
    });
  });

  test('tells refusals from faults, and of a fault its cause', async () => {
    const refused = await hear({ status: 429, error: new Error('too fast') });
    expect(refused.document).toMatchObject({ error: true, throttle: true });
    expect(refused.document.cause).toBeUndefined();
    const failed = await hear({ status: 500, error: new TypeError('broke') });
    expect(failed.document).toMatchObject({
      fault: true,
      cause: { exceptions: [{ type: 'TypeError', message: 'broke' }] },
    });
  });

  test('is not sent where the request is not sampled, or there is no daemon', async () => {
    const sampled = { ...environment };
    environment._X_AMZN_TRACE_ID = `Root=${root};Parent=53995c3f42cd8ad8;Sampled=0`;
    await sendSubsegment(subsegment, environment);
    await sendSubsegment(subsegment, { ...sampled, AWS_XRAY_DAEMON_ADDRESS: undefined });
    await sendSubsegment(subsegment, {});
    environment = sampled;
    await hear();
    expect(received).toHaveLength(1);
  });
});
