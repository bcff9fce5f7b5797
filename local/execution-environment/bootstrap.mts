/**
 * What Lambda's runtime does in an execution environment: loads the handler, once, and calls it, event by event. It
 * imports nothing of this repository, so that the function has nothing but its bundle.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

interface Invocation {
  readonly event: unknown;
  readonly deadline: number;
  readonly context: Record<string, unknown>;
}

type Handler = (event: unknown, context: object) => unknown;

process.on('SIGINT', () => {}); // The parent decides when to stop.
process.on('disconnect', () => process.exit());

const handler = await loadHandler().catch((error: unknown) => {
  process.send?.(failure(error));
  return undefined;
});

if (handler) {
  process.on('message', async ({ event, deadline, context }: Invocation) => {
    const getRemainingTimeInMillis = () => Math.max(0, deadline - Date.now());
    try {
      const response = await handler(event, { ...context, getRemainingTimeInMillis });
      process.send?.({ kind: 'response', json: JSON.stringify(response) ?? 'null' });
    } catch (error) {
      process.send?.(failure(error));
    }
  });
  process.send?.({ kind: 'ready' });
}

async function loadHandler(): Promise<Handler> {
  const [, file = '', name = ''] = /^(.*)\.([^.]*)$/.exec(process.env._HANDLER ?? '') ?? [];
  const loaded = await import(pathToFileURL(join(process.env.LAMBDA_TASK_ROOT ?? '', `${file}.js`)).href);
  const found = loaded[name] ?? loaded.default?.[name];
  if (typeof found !== 'function') throw new Error(`${process.env._HANDLER} is undefined or not exported`);
  return found;
}

function failure(error: unknown): { kind: 'error'; errorType: string; errorMessage: string; trace: string } {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return { kind: 'error', errorType: name, errorMessage: message, trace: stack ?? '' };
}
