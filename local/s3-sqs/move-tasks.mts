import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';

/** Calls an action of SQS. Rejects with an Error when SQS refuses it. */
export type CallSqs = <T>(action: string, input: object) => Promise<T>;

/** The actions of a redrive, which moves the messages of a dead-letter queue back to where they were. */
export const MOVE_ACTIONS = ['StartMessageMoveTask', 'ListMessageMoveTasks', 'CancelMessageMoveTask'] as const;
export type MoveAction = (typeof MOVE_ACTIONS)[number];

/** Why an action is refused, by SQS's name for it. */
export class MoveRefused extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

interface Input {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly MaxResults?: number;
  readonly TaskHandle?: string;
}

interface Task {
  readonly TaskHandle: string;
  readonly SourceArn: string;
  readonly DestinationArn: string;
  /** Whether the request named the destination. */
  readonly isNamed: boolean;
  readonly MaxNumberOfMessagesPerSecond?: number;
  readonly StartedTimestamp: number;
  readonly ApproximateNumberOfMessagesToMove: number;
  Status: 'RUNNING' | 'COMPLETED' | 'CANCELLING' | 'CANCELLED' | 'FAILED';
  ApproximateNumberOfMessagesMoved: number;
  FailureReason?: string;
}

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
  readonly MessageAttributes?: object;
}

/** SQS's message move tasks: as at AWS, a message that was moved has a new id, and its retention begins anew. */
export function moveTasks(call: CallSqs): (action: MoveAction, input: Input) => Promise<object> {
  /** The newest first. */
  const tasks: Task[] = [];

  async function start({ SourceArn = '', DestinationArn, MaxNumberOfMessagesPerSecond }: Input): Promise<object> {
    await checkExists(SourceArn);
    const sources = await sourcesOf(SourceArn);
    if (sources.length === 0) {
      throw new MoveRefused('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
    }
    const rate = MaxNumberOfMessagesPerSecond;
    if (rate !== undefined && !(Number.isInteger(rate) && rate >= 1 && rate <= 500)) {
      throw new MoveRefused('InvalidParameterValue', 'MaxNumberOfMessagesPerSecond must be between 1 and 500.');
    }
    if (tasks.some((task) => task.SourceArn === SourceArn && ['RUNNING', 'CANCELLING'].includes(task.Status))) {
      throw new MoveRefused(
        'UnsupportedOperation',
        'There is already a task running. Only one active task is allowed.',
      );
    }
    if (DestinationArn !== undefined) await checkExists(DestinationArn);
    const [first = '', ...others] = sources;
    if (DestinationArn === undefined && others.length > 0) {
      throw new MoveRefused('UnsupportedOperation', 'Here, DestinationArn is needed: several queues share the source.');
    }
    // Until somebody receives, fauxqs counts as received what is visible again.
    const AttributeNames = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'];
    const { Attributes = {} } = await call<{ Attributes?: Record<string, string> }>('GetQueueAttributes', {
      QueueUrl: urlOf(SourceArn),
      AttributeNames,
    });
    const task: Task = {
      TaskHandle: Buffer.from(JSON.stringify({ taskId: randomUUID(), sourceArn: SourceArn })).toString('base64'),
      SourceArn,
      DestinationArn: DestinationArn ?? first,
      isNamed: DestinationArn !== undefined,
      MaxNumberOfMessagesPerSecond: rate,
      StartedTimestamp: Date.now(),
      ApproximateNumberOfMessagesToMove: Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0),
      ApproximateNumberOfMessagesMoved: 0,
      Status: 'RUNNING',
    };
    tasks.unshift(task);
    void move(task).then(
      () => {
        task.Status = task.Status === 'CANCELLING' ? 'CANCELLED' : 'COMPLETED';
      },
      (error: unknown) => {
        task.Status = 'FAILED';
        task.FailureReason = error instanceof Error ? error.message : String(error);
      },
    );
    return { TaskHandle: task.TaskHandle };
  }

  /** Until the queue is empty: what ends in it meanwhile is moved, too, but no more messages than there were. */
  async function move(task: Task): Promise<void> {
    const source = urlOf(task.SourceArn);
    const destination = urlOf(task.DestinationArn);
    const rate = task.MaxNumberOfMessagesPerSecond;
    const left = () => task.ApproximateNumberOfMessagesToMove - task.ApproximateNumberOfMessagesMoved;
    while (task.Status === 'RUNNING' && left() > 0) {
      const { Messages = [] } = await call<{ Messages?: Message[] }>('ReceiveMessage', {
        QueueUrl: source,
        MaxNumberOfMessages: Math.min(10, left(), rate ?? 10),
        MessageAttributeNames: ['All'],
        WaitTimeSeconds: 0,
      });
      if (Messages.length === 0) return;
      for (const { Body, ReceiptHandle, MessageAttributes } of Messages) {
        await call('SendMessage', { QueueUrl: destination, MessageBody: Body, MessageAttributes });
        await call('DeleteMessage', { QueueUrl: source, ReceiptHandle });
        task.ApproximateNumberOfMessagesMoved += 1;
      }
      if (rate !== undefined && left() > 0) await delay((1_000 * Messages.length) / rate);
    }
  }

  async function list({ SourceArn = '', MaxResults = 1 }: Input): Promise<object> {
    await checkExists(SourceArn);
    const most = Math.min(Math.max(1, MaxResults), 10);
    const Results = tasks
      .filter((task) => task.SourceArn === SourceArn)
      .slice(0, most)
      .map(({ TaskHandle, DestinationArn, isNamed, ...task }) => ({
        ...task,
        // As at AWS, only what runs can be cancelled, and only what was named is told.
        ...(task.Status === 'RUNNING' ? { TaskHandle } : {}),
        ...(isNamed ? { DestinationArn } : {}),
      }));
    return { Results };
  }

  async function cancel({ TaskHandle }: Input): Promise<object> {
    const task = tasks.find((each) => each.TaskHandle === TaskHandle);
    if (!task) throw new MoveRefused('ResourceNotFoundException', 'Task does not exist.');
    if (task.Status !== 'RUNNING') {
      throw new MoveRefused('UnsupportedOperation', 'Only active tasks can be cancelled.');
    }
    task.Status = 'CANCELLING';
    return { ApproximateNumberOfMessagesMoved: task.ApproximateNumberOfMessagesMoved };
  }

  async function checkExists(arn: string): Promise<void> {
    const known = await queueUrls();
    if (!known.some((url) => nameOf(url) === arn.split(':').at(-1))) {
      throw new MoveRefused('ResourceNotFoundException', "The resource that you specified for the ARN doesn't exist.");
    }
  }

  /** The queues whose redrive policy names the queue of an ARN. */
  async function sourcesOf(arn: string): Promise<string[]> {
    const sources: string[] = [];
    for (const QueueUrl of await queueUrls()) {
      const AttributeNames = ['QueueArn', 'RedrivePolicy'];
      const { Attributes } = await call<{ Attributes?: Record<string, string> }>('GetQueueAttributes', {
        QueueUrl,
        AttributeNames,
      });
      const { deadLetterTargetArn } = JSON.parse(Attributes?.RedrivePolicy ?? '{}');
      if (deadLetterTargetArn === arn && Attributes?.QueueArn) sources.push(Attributes.QueueArn);
    }
    return sources;
  }

  async function queueUrls(): Promise<string[]> {
    return (await call<{ QueueUrls?: string[] }>('ListQueues', {})).QueueUrls ?? [];
  }

  return (action, input) => {
    if (action === 'StartMessageMoveTask') return start(input);
    return action === 'ListMessageMoveTasks' ? list(input) : cancel(input);
  };
}

/** Of SQS on this machine: what counts is the account and the name. */
function urlOf(arn: string): string {
  const [, , , , account, name] = arn.split(':');
  return `http://127.0.0.1/${account}/${name}`;
}

function nameOf(url: string): string | undefined {
  return url.split('/').at(-1);
}
