import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FunctionModel } from '../template/stack-model';
import { environmentVariables, type ServiceUrls } from './environment-variables';
import { type ExecutionEnvironment, type InvocationResult, startExecutionEnvironment } from './execution-environment';

/** A function as Lambda runs it: as many environments as invocations at a time, kept warm in between. */
export interface LocalFunction {
  /** @param requestId of the invocation. @default - a new one */
  invoke(event: unknown, requestId?: string): Promise<InvocationResult>;
  /** Sends all its processes a signal, whatever they are doing: SIGKILL is a host that fails, SIGSTOP a function that hangs. */
  signal(signal: NodeJS.Signals): void;
  close(): Promise<void>;
}

/**
 * A deployed function; its processes start when it is invoked.
 *
 * @param assembly the folder that the stack was synthesized into
 * @param onOutput called with each line of the function's log
 */
export function deployFunction(
  model: FunctionModel,
  assembly: string,
  urls: ServiceUrls,
  onOutput: (line: string) => void,
): LocalFunction {
  const taskRoot = join(assembly, model.asset);
  if (model.inlineCode !== undefined) {
    mkdirSync(taskRoot, { recursive: true });
    // As CloudFormation does.
    writeFileSync(join(taskRoot, 'index.js'), model.inlineCode);
  }
  const variables = environmentVariables(model, taskRoot, urls);
  const all = new Set<ExecutionEnvironment>();
  const warm: ExecutionEnvironment[] = [];

  function start(): ExecutionEnvironment {
    const environment = startExecutionEnvironment(model, taskRoot, variables, onOutput);
    all.add(environment);
    return environment;
  }

  return {
    async invoke(event, requestId) {
      let environment = warm.pop();
      while (environment && !environment.alive) environment = warm.pop();
      environment ??= start();
      const result = await environment.invoke(event, requestId);
      if (environment.alive) warm.push(environment);
      else all.delete(environment);
      return result;
    },
    signal(signal) {
      for (const environment of all) environment.signal(signal);
    },
    async close() {
      await Promise.all([...all].map((environment) => environment.close()));
    },
  };
}
