import type { CreateInvalidationCommand } from '@aws-sdk/client-cloudfront';
import { type ControlPlaneOptions, createControlPlane } from '../../local/cloudfront/control-plane';
import type { FaultFunction } from '../../local/cloudfront/fault';
import { startCloudFront } from '../../local/cloudfront/server';
import { simulatedClient } from './client';

/** What a design calls. */
export interface Client {
  send(command: CreateInvalidationCommand): Promise<{ readonly Invalidation?: { readonly Id?: string | undefined } }>;
}

/** CloudFront under a load. */
export interface LoadedCloudFront<C extends Client = Client> {
  readonly client: C;
  /** Calls of CreateInvalidation so far, and how many of them were refused. */
  count(isCounted: (paths: readonly string[]) => boolean): { readonly calls: number; readonly refusals: number };
  close(): Promise<void>;
}

export interface LoadOptions extends ControlPlaneOptions {
  readonly fault: FaultFunction;
  /** The time that a call takes. */
  readonly latency: () => Promise<void>;
  readonly onInvalidation: (paths: readonly string[], createTime: number) => void;
}

/** A server, called by the SDK's client. */
export async function overHttp({ latency, onInvalidation, ...options }: LoadOptions) {
  const server = await startCloudFront(options);
  server.onInvalidation(({ paths, createTime }) => onInvalidation(paths, createTime));
  const client = simulatedClient(server.url, latency);
  return {
    client,
    count(isCounted) {
      const calls = server.calls.filter(({ paths }) => isCounted(paths));
      return { calls: calls.length, refusals: calls.filter(({ outcome }) => outcome.kind === 'refused').length };
    },
    async close() {
      client.destroy();
      await server.close();
    },
  } satisfies LoadedCloudFront;
}

/** The same rules, called directly: for designs that make more calls than a server answers in a reasonable time. */
export async function inProcess({
  latency,
  onInvalidation,
  fault,
  ...options
}: LoadOptions): Promise<LoadedCloudFront> {
  const controlPlane = createControlPlane(options);
  const counts = new Map<string, { calls: number; refusals: number }>();
  let number = 0;

  async function create({ input }: CreateInvalidationCommand) {
    await latency();
    const { DistributionId: distribution = '', InvalidationBatch: batch } = input;
    const { CallerReference: callerReference = '', Paths: { Items: paths = [] } = {} } = batch ?? {};
    const kind = paths[0] ?? '';
    const count = counts.get(kind) ?? { calls: 0, refusals: 0 };
    counts.set(kind, count);
    count.calls++;
    const injected = await fault({ distribution, callerReference, paths, number: number++ });
    const creation =
      injected?.kind === 'refuse'
        ? undefined
        : controlPlane.create(distribution, { callerReference, quantity: paths.length, paths });
    if (creation === undefined || creation.kind === 'refused') {
      count.refusals++;
      throw new Error('Refused');
    }
    const { id, createTime } = creation.invalidation;
    if (creation.kind === 'created') onInvalidation(paths, createTime);
    return { Invalidation: { Id: id } };
  }

  return {
    client: { send: create },
    count(isCounted) {
      const counted = [...counts].filter(([path]) => isCounted([path])).map(([, count]) => count);
      const sum = (of: (count: { calls: number; refusals: number }) => number) =>
        counted.reduce((total, count) => total + of(count), 0);
      return { calls: sum(({ calls }) => calls), refusals: sum(({ refusals }) => refusals) };
    },
    close: async () => {},
  };
}
