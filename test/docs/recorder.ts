import { text } from 'node:stream/consumers';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../../local/loopback';

/** Stands in for services that are not on this machine: writes down what they are sent. */
export interface Recorder {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** What is answered, by the target. @default - `{}` */
  readonly answers: Map<string, object>;
  close(): Promise<void>;
}

export interface RecordedRequest {
  readonly method: string;
  /** The action, of services that name it in a header; else the path, without a slash at its end. */
  readonly target: string;
  readonly body: string;
}

export async function startRecorder(): Promise<Recorder> {
  const requests: RecordedRequest[] = [];
  const answers = new Map<string, object>();
  const server = createLoopbackServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const target = String(headers['x-amz-target'] ?? url).replace(/\/?(\?.*)?$/, '');
    requests.push({ method, target, body: await text(request) });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answers.get(target) ?? {}));
  });
  const port = await listenOnLoopback(server, 0, 'The recorder');
  return { url: `http://127.0.0.1:${port}`, requests, answers, close: () => closeServer(server) };
}
