import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { STRIP_TYPES } from '../strip-types';
import type { FunctionModel } from '../template/stack-model';

/** What an invocation came to, in Lambda's words. */
export type InvocationResult =
  | { readonly kind: 'response'; readonly response: unknown }
  | { readonly kind: 'error'; readonly errorType: string; readonly errorMessage: string };

/** A process that runs a function, one invocation at a time. */
export interface ExecutionEnvironment {
  /** False once it has crashed or run out of time: it is of no more use then. */
  readonly alive: boolean;
  invoke(event: unknown, requestId?: string): Promise<InvocationResult>;
  /** Sends its process a signal, whatever it is doing. */
  signal(signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

type Message = { readonly kind: 'ready' } | { readonly kind: 'response'; readonly json: string } | ErrorMessage;

interface ErrorMessage {
  readonly kind: 'error';
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace: string;
}

/** Longest that a function may take to load: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html */
const INIT_TIMEOUT = 10_000;

/**
 * Starts an execution environment: the function's bundle in a process of its own, with these variables and no others.
 *
 * @param onOutput called with each line that the function writes
 */
export function startExecutionEnvironment(
  model: FunctionModel,
  taskRoot: string,
  variables: NodeJS.ProcessEnv,
  onOutput: (line: string) => void,
): ExecutionEnvironment {
  const child = fork(join(__dirname, 'bootstrap.mts'), {
    cwd: taskRoot,
    env: variables,
    execArgv: STRIP_TYPES,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const stream of [child.stdout, child.stderr]) if (stream) createInterface(stream).on('line', onOutput);
  const exited = exitOf(child);
  const ready = answerWithin(INIT_TIMEOUT, 'initialize');
  let alive = true;
  void exited.then(() => {
    alive = false;
  });

  /** The child's next message; its end, or the end of its time, is an error. */
  async function answerWithin(
    milliseconds: number,
    requestId: string,
  ): Promise<Exclude<Message, { kind: 'ready' }> | undefined> {
    const given = new AbortController();
    const timer = setTimeout(() => given.abort(), milliseconds);
    try {
      const [message] = (await Promise.race([
        once(child, 'message', { signal: given.signal }),
        exited.then((status) => [exitError(requestId, status)]),
      ])) as [Message];
      return message.kind === 'ready' ? undefined : message;
    } catch {
      alive = false;
      child.kill('SIGKILL');
      return given.signal.aborted ? timeoutError(requestId, milliseconds) : exitError(requestId, await exited);
    } finally {
      clearTimeout(timer);
      given.abort();
    }
  }

  return {
    get alive() {
      return alive;
    },
    async invoke(event, awsRequestId = randomUUID()) {
      const failed = await ready;
      if (failed) {
        alive = false;
        child.kill('SIGKILL');
      }
      if (alive)
        child.send({ event, deadline: Date.now() + model.timeout * 1_000, context: contextOf(model, awsRequestId) });
      const answer = failed ?? (await answerWithin(model.timeout * 1_000, awsRequestId));
      if (answer?.kind === 'response') return { kind: 'response', response: JSON.parse(answer.json) };
      const { errorType, errorMessage, trace } = answer ?? exitError(awsRequestId, 'no answer');
      onOutput(
        JSON.stringify({
          level: 'ERROR',
          message: 'Invocation failed',
          requestId: awsRequestId,
          errorType,
          errorMessage,
          trace,
        }),
      );
      return { kind: 'error', errorType, errorMessage };
    },
    signal: (signal) => void child.kill(signal),
    async close() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}

/** What a process ended with. It may be gone, or deaf, when it is spoken to: that is no end, its exit is. */
function exitOf(child: ChildProcess): Promise<string | number | null> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
    child.on('error', ({ message }) => {
      if (child.pid === undefined) resolve(message);
    });
  });
}

function contextOf(model: FunctionModel, awsRequestId: string): Record<string, unknown> {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: model.name,
    functionVersion: '$LATEST',
    invokedFunctionArn: model.arn,
    logGroupName: model.logGroup,
    logStreamName: 'local',
    memoryLimitInMB: String(model.memorySize),
  };
}

function exitError(requestId: string, status: string | number | null): ErrorMessage {
  return {
    kind: 'error',
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${requestId} Error: Runtime exited with error: ${status}`,
    trace: '',
  };
}

function timeoutError(requestId: string, milliseconds: number): ErrorMessage {
  return {
    kind: 'error',
    errorType: 'Sandbox.Timedout',
    errorMessage: `RequestId: ${requestId} Error: Task timed out after ${(milliseconds / 1_000).toFixed(2)} seconds`,
    trace: '',
  };
}
