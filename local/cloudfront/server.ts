import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, createLoopbackServer, listenOnLoopback, type Port } from '../loopback';
import { type ApiError, apiError } from './api-error';
import type { CachePolicies, Configurations } from './configuration';
import {
  type ControlPlaneOptions,
  createControlPlane,
  type Holder,
  type Invalidation,
  MAX_ITEMS,
} from './control-plane';
import {
  type CallRecord,
  type CreateCall,
  type Fault,
  type FaultFunction,
  type HttpAnswer,
  type Outcome,
  send,
  sendFaulty,
} from './fault';
import { type ReadFaultFunction, type ReadRecord, read } from './reads';
import { type InvalidationRoute, invalidationRouteOf, type ReadRoute, readRouteOf } from './routes';
import { parseInvalidationBatch, renderError, renderInvalidation, renderInvalidationList } from './xml';

export interface LocalCloudFrontOptions extends Omit<ControlPlaneOptions, 'distributions'> {
  /** Beside those that have a configuration. Of these alone nobody may read one. @default - none */
  readonly distributions?: ControlPlaneOptions['distributions'];
  /** What the distributions are like, by id. @default - none of it may be read */
  readonly configurations?: Configurations;
  /** The cache policies beside the managed ones, by id. @default - none */
  readonly cachePolicies?: CachePolicies;
  /** @default 0, a free one */
  readonly port?: Port;
  /** What goes wrong with CreateInvalidation, request by request. @default - nothing */
  readonly fault?: FaultFunction;
  /** What goes wrong with the operations that read a configuration, request by request. @default - nothing */
  readonly readFault?: ReadFaultFunction;
}

/** CloudFront's API for invalidations, of distributions and of their tenants, and for reading a distribution, on this machine. */
export interface LocalCloudFront {
  /** What an SDK's `endpoint`, or AWS_ENDPOINT_URL_CLOUDFRONT, is set to. */
  readonly url: string;
  readonly port: number;
  /** Every invalidation of every distribution and tenant, oldest first. */
  readonly invalidations: readonly Invalidation[];
  /** Every request of CreateInvalidation, be it of a distribution or of a tenant, malformed ones too, in the order in which their outcome was decided. */
  readonly calls: readonly CallRecord[];
  /** Every request that reads a configuration, in the order in which their outcome was decided. */
  readonly reads: readonly ReadRecord[];
  /** What is read, by id: what is changed here is what the next request gets. */
  readonly configurations: Configurations;
  /** The policies beside the managed ones; they may change, too. */
  readonly cachePolicies: CachePolicies;
  /** What goes wrong with CreateInvalidation from now on. */
  fault: FaultFunction | undefined;
  /** What goes wrong with reading from now on. */
  readFault: ReadFaultFunction | undefined;
  /** Calls the listener for each invalidation created from now on, before its request is answered. */
  onInvalidation(listener: (invalidation: Invalidation) => void): void;
  close(): Promise<void>;
}

/**
 * Starts a server that speaks CloudFront's REST API for invalidations, and for reading distributions and cache policies, in any
 * API version, so that SDKs and the AWS CLI work against it unchanged. Signatures are not checked.
 *
 * Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html and the models
 * 2017-03-25 and 2020-05-31.
 */
export async function startCloudFront(options: LocalCloudFrontOptions = {}): Promise<LocalCloudFront> {
  const now = options.now ?? Date.now;
  const { configurations = {}, cachePolicies = {} } = options;
  const distributions = [...Object.keys(configurations), ...(options.distributions ?? [])];
  const controlPlane = createControlPlane({ ...options, distributions });
  const readable = { configurations, cachePolicies, controlPlane, madeAt: now() };
  const calls: CallRecord[] = [];
  const reads: ReadRecord[] = [];
  const listeners: ((invalidation: Invalidation) => void)[] = [];
  let received = 0;
  let readsReceived = 0;

  async function create(route: InvalidationRoute, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const number = ++received;
    const parsed = parseInvalidationBatch(await text(request));
    const { callerReference, paths } = parsed.kind === 'batch' ? parsed.batch : { callerReference: '', paths: [] };
    const call: CreateCall = { ...namesOf(route.holder), callerReference, paths, number };
    const fault = parsed.kind === 'batch' ? await cloudFront.fault?.(call) : undefined;
    const outcome = decide();
    calls.push({ ...call, at, outcome, ...(fault ? { fault } : {}) });
    if (outcome.kind === 'created') for (const listener of listeners) listener(outcome.invalidation);
    if (outcome.kind !== 'hung') sendFaulty(response, answerTo(route.version, outcome), fault);

    function decide(): Outcome {
      if (parsed.kind === 'refused') return parsed;
      if (fault?.kind === 'hang') return { kind: 'hung' };
      if (fault?.kind === 'refuse') return { kind: 'refused', error: injectedError(fault) };
      // Its tenants have invalidations of their own.
      if (typeof route.holder === 'string' && configurations[route.holder]?.ConnectionMode === 'tenant-only') {
        return { kind: 'refused', error: apiError('NoSuchDistribution') };
      }
      return controlPlane.create(route.holder, parsed.batch);
    }
  }

  function namesOf(holder: Holder): Pick<CreateCall, 'distribution' | 'tenant'> {
    if (typeof holder === 'string') return { distribution: holder };
    return { distribution: options.tenants?.[holder.tenant] ?? '', tenant: holder.tenant };
  }

  async function answerRead(route: ReadRoute, response: ServerResponse): Promise<void> {
    const { operation, id } = route;
    const call = { operation, id, number: ++readsReceived };
    const at = now();
    const fault = await cloudFront.readFault?.(call);
    const record = (outcome: ReadRecord['outcome']) =>
      void reads.push({ ...call, at, outcome, ...(fault ? { fault } : {}) });
    if (fault?.kind === 'hang') return record({ kind: 'hung' });
    const answer = fault?.kind === 'refuse' ? injectedError(fault) : read(route, readable);
    if ('code' in answer) record({ kind: 'refused', error: answer });
    else record({ kind: 'answered' });
    sendFaulty(response, 'code' in answer ? errorAnswer(route.version, answer) : answer, fault);
  }

  function answerTo(version: string, outcome: Exclude<Outcome, { kind: 'hung' }>): HttpAnswer {
    if (outcome.kind === 'refused') return errorAnswer(version, outcome.error);
    const { id, distribution, tenant } = outcome.invalidation;
    const holder = tenant === undefined ? `distribution/${distribution}` : `distribution-tenant/${tenant}`;
    const location = `${cloudFront.url}/${version}/${holder}/invalidation/${id}`;
    return { status: 201, headers: { Location: location }, body: renderInvalidation(version, outcome.invalidation) };
  }

  function get({ version, holder }: InvalidationRoute, id: string): HttpAnswer {
    const answer = controlPlane.get(holder, id);
    if (answer.kind === 'refused') return errorAnswer(version, answer.error);
    return { status: 200, headers: {}, body: renderInvalidation(version, answer.value) };
  }

  function list({ version, holder, query }: InvalidationRoute): HttpAnswer {
    const marker = query.get('Marker') ?? '';
    const answer = controlPlane.list(holder, { marker, maxItems: Number(query.get('MaxItems') || MAX_ITEMS) });
    if (answer.kind === 'refused') return errorAnswer(version, answer.error);
    return { status: 200, headers: {}, body: renderInvalidationList(version, marker, answer.value) };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const readRoute = request.method === 'GET' ? readRouteOf(request.url ?? '') : undefined;
    if (readRoute) return answerRead(readRoute, response);
    const route = invalidationRouteOf(request.url ?? '');
    if (request.method === 'POST' && route && !route.invalidation) return create(route, request, response);
    if (request.method !== 'GET' || !route) return send(response, errorAnswer(LATEST, apiError('NoSuchResource')));
    send(response, route.invalidation ? get(route, route.invalidation) : list(route));
  }

  const server = createLoopbackServer((request, response) => {
    respond(request, response).catch((error: unknown) => {
      // A client that went away needs no answer; a fault function that throws should be seen where the SDK is.
      if (response.destroyed || response.headersSent) return;
      const failure = { status: 500, code: 'InternalError', message: `The local CloudFront failed: ${String(error)}` };
      send(response, errorAnswer(LATEST, failure));
    });
  });
  const port = await listenOnLoopback(server, options.port ?? 0, 'The local CloudFront');

  const cloudFront: LocalCloudFront = {
    url: `http://127.0.0.1:${port}`,
    port,
    invalidations: controlPlane.invalidations,
    calls,
    reads,
    configurations,
    cachePolicies,
    fault: options.fault,
    readFault: options.readFault,
    onInvalidation: (listener) => void listeners.push(listener),
    close: () => closeServer(server),
  };
  return cloudFront;
}

/** The version of an answer to a request that names none. */
const LATEST = '2020-05-31';

function injectedError({ status, code, message = code }: Extract<Fault, { kind: 'refuse' }>): ApiError {
  return { status, code, message };
}

function errorAnswer(version: string, error: ApiError): HttpAnswer {
  const requestId = randomUUID();
  const body = renderError(version, error, requestId);
  return { status: error.status, headers: { 'x-amzn-RequestId': requestId }, body };
}
