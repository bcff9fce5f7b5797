import {
  type CloudFrontClient,
  CreateInvalidationCommand,
  GetDistributionConfigCommand,
} from '@aws-sdk/client-cloudfront';
import { type ControlPlaneOptions, type Creation, createControlPlane } from '../cloudfront/control-plane';
import type { Fault } from '../cloudfront/fault';
import type { VirtualTime } from './virtual-time';

/** What goes wrong with a call here. */
export type SimulatedFault = Extract<Fault, { kind: 'refuse' | 'lose-answer' }>;

/** What goes wrong with a call of GetDistributionConfig. */
export type SimulatedReadFault = { readonly kind: 'refuse' } | { readonly kind: 'hang' };

/** A call of CreateInvalidation, and whether it was accepted. */
export interface SimulatedCall {
  readonly paths: readonly string[];
  readonly isAccepted: boolean;
}

export interface SimulatedCloudFrontOptions extends Omit<ControlPlaneOptions, 'now'> {
  readonly time: VirtualTime;
  /** Until CloudFront answers, in ms. @default 300 */
  readonly latency?: number;
  /** @default - nothing goes wrong */
  readonly fault?: (paths: readonly string[]) => SimulatedFault | undefined;
  /** @default - nothing goes wrong */
  readonly readFault?: () => SimulatedReadFault | undefined;
  readonly onInvalidation: (paths: readonly string[], createTime: number) => void;
  readonly onCall?: (call: SimulatedCall) => void;
}

/** Makes clients that try a call so often at most, as the SDK's `maxAttempts`. */
export type ClientMaker = (maxAttempts: number) => CloudFrontClient;

/** CloudFront's rules for invalidations in virtual time, without HTTP. */
export function simulateCloudFront(options: SimulatedCloudFrontOptions): ClientMaker {
  const { time, latency = 300, fault, readFault, onInvalidation, onCall, ...rules } = options;
  const controlPlane = createControlPlane({ ...rules, now: time.now });

  /** One attempt. */
  async function create({ input }: CreateInvalidationCommand, signal: AbortSignal | undefined) {
    const { DistributionId: distribution = '', InvalidationBatch: batch } = input;
    const { CallerReference: callerReference = '', Paths } = batch ?? {};
    const { Items: paths = [], Quantity: quantity = 0 } = Paths ?? {};
    await time.pause(latency, signal);
    if (signal?.aborted) throw failure('AbortError', 'Request aborted');
    const injected = fault?.(paths);
    const creation: Creation =
      injected?.kind === 'refuse'
        ? { kind: 'refused', error: { ...injected, message: injected.message ?? injected.code } }
        : controlPlane.create(distribution, { callerReference, quantity, paths });
    onCall?.({ paths, isAccepted: creation.kind !== 'refused' });
    if (creation.kind === 'created') onInvalidation(paths, creation.invalidation.createTime);
    if (injected?.kind === 'lose-answer') throw failure('Error', 'socket hang up', { code: 'ECONNRESET' });
    if (creation.kind === 'refused') {
      const { code, message, status } = creation.error;
      throw failure(code, message, { $metadata: { httpStatusCode: status } });
    }
    const { id, status, createTime } = creation.invalidation;
    return { Invalidation: { Id: id, Status: status, CreateTime: new Date(createTime) } };
  }

  /** The distribution of a plain site. */
  async function read(signal: AbortSignal | undefined) {
    const injected = readFault?.();
    await time.pause(injected?.kind === 'hang' ? HANGING : latency, signal);
    if (signal?.aborted) throw failure('AbortError', 'Request aborted');
    if (injected) throw failure('ServiceUnavailable', 'Unavailable', { $metadata: { httpStatusCode: 503 } });
    return { DistributionConfig: PLAIN_SITE };
  }

  return (maxAttempts) => {
    async function send(command: unknown, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) {
      if (command instanceof GetDistributionConfigCommand) return read(abortSignal);
      if (!(command instanceof CreateInvalidationCommand)) {
        throw failure('AccessDenied', 'This call is not simulated', { $metadata: { httpStatusCode: 403 } });
      }
      for (let attempt = 1; ; attempt++) {
        try {
          return await create(command, abortSignal);
        } catch (error) {
          if (attempt >= maxAttempts || !isRetried(error as Failure)) throw error;
        }
      }
    }
    return { send, destroy() {} } as unknown as CloudFrontClient;
  };
}

/** Longer than anybody waits, in ms. */
const HANGING = 3_600_000;

const PLAIN_SITE = {
  Enabled: true,
  Origins: { Quantity: 1, Items: [{ Id: 'site', DomainName: 'site.s3.eu-central-1.amazonaws.com' }] },
  DefaultCacheBehavior: { TargetOriginId: 'site', CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6' },
};

type Failure = Error & { readonly code?: string; readonly $metadata?: { readonly httpStatusCode: number } };

/** An error as the SDK throws it. */
function failure(name: string, message: string, details: Partial<Failure> = {}): Failure {
  return Object.assign(new Error(message), { name, ...details });
}

/** By the SDK: transient errors and throttling, of which TooManyInvalidationsInProgress is none. */
function isRetried({ name, code, $metadata }: Failure): boolean {
  const status = $metadata?.httpStatusCode ?? 0;
  return code === 'ECONNRESET' || [429, 500, 502, 503, 504].includes(status) || name.startsWith('Throttling');
}
