import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { closeServer, createLoopbackServer, listenOnLoopback } from '../loopback';
import { type ApiError, apiError } from './api-error';
import { type ControlPlaneOptions, createControlPlane, type Invalidation, MAX_ITEMS } from './control-plane';
import {
  type CallRecord,
  type CreateCall,
  type FaultFunction,
  type HttpAnswer,
  type Outcome,
  send,
  sendFaulty,
} from './fault';
import { parseInvalidationBatch, renderError, renderInvalidation, renderInvalidationList } from './xml';

export interface LocalCloudFrontOptions extends ControlPlaneOptions {
  /** @default 0, a free one */
  readonly port?: number;
  /** What goes wrong, request by request. @default - nothing */
  readonly fault?: FaultFunction;
}

/** CloudFront's API for invalidations, on this machine. */
export interface LocalCloudFront {
  /** What an SDK's `endpoint`, or AWS_ENDPOINT_URL_CLOUDFRONT, is set to. */
  readonly url: string;
  readonly port: number;
  /** Every invalidation of every distribution, oldest first. */
  readonly invalidations: readonly Invalidation[];
  /** Every CreateInvalidation request, malformed ones too, in the order in which their outcome was decided. */
  readonly calls: readonly CallRecord[];
  /** What goes wrong from now on. */
  fault: FaultFunction | undefined;
  /** Calls the listener for each invalidation created from now on, before its request is answered. */
  onInvalidation(listener: (invalidation: Invalidation) => void): void;
  close(): Promise<void>;
}

interface Route {
  /** Any: `2017-03-25`, `2020-05-31`. */
  readonly version: string;
  readonly distribution: string;
  readonly invalidation: string | undefined;
  readonly query: URLSearchParams;
}

/**
 * Starts a server that speaks CloudFront's REST API for invalidations, in any API version, so that SDKs and the AWS CLI
 * work against it unchanged. Signatures are not checked.
 *
 * Source: https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateInvalidation.html and the models
 * 2017-03-25 and 2020-05-31.
 */
export async function startCloudFront(options: LocalCloudFrontOptions): Promise<LocalCloudFront> {
  const now = options.now ?? Date.now;
  const controlPlane = createControlPlane(options);
  const calls: CallRecord[] = [];
  const listeners: ((invalidation: Invalidation) => void)[] = [];
  let received = 0;

  async function create(route: Route, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const at = now();
    const number = ++received;
    const parsed = parseInvalidationBatch(await text(request));
    const { callerReference, paths } = parsed.kind === 'batch' ? parsed.batch : { callerReference: '', paths: [] };
    const call: CreateCall = { distribution: route.distribution, callerReference, paths, number };
    const fault = parsed.kind === 'batch' ? await cloudFront.fault?.(call) : undefined;
    const outcome = decide();
    calls.push({ ...call, at, outcome, ...(fault ? { fault } : {}) });
    if (outcome.kind === 'created') for (const listener of listeners) listener(outcome.invalidation);
    if (outcome.kind !== 'hung') sendFaulty(response, answerTo(route.version, outcome), fault);

    function decide(): Outcome {
      if (parsed.kind === 'refused') return parsed;
      if (fault?.kind === 'hang') return { kind: 'hung' };
      if (fault?.kind !== 'refuse') return controlPlane.create(route.distribution, parsed.batch);
      return {
        kind: 'refused',
        error: { status: fault.status, code: fault.code, message: fault.message ?? fault.code },
      };
    }
  }

  function answerTo(version: string, outcome: Exclude<Outcome, { kind: 'hung' }>): HttpAnswer {
    if (outcome.kind === 'refused') return errorAnswer(version, outcome.error);
    const { id, distribution } = outcome.invalidation;
    const location = `${cloudFront.url}/${version}/distribution/${distribution}/invalidation/${id}`;
    return { status: 201, headers: { Location: location }, body: renderInvalidation(version, outcome.invalidation) };
  }

  function get({ version, distribution }: Route, id: string): HttpAnswer {
    const answer = controlPlane.get(distribution, id);
    if (answer.kind === 'refused') return errorAnswer(version, answer.error);
    return { status: 200, headers: {}, body: renderInvalidation(version, answer.value) };
  }

  function list({ version, distribution, query }: Route): HttpAnswer {
    const marker = query.get('Marker') ?? '';
    const answer = controlPlane.list(distribution, { marker, maxItems: Number(query.get('MaxItems') || MAX_ITEMS) });
    if (answer.kind === 'refused') return errorAnswer(version, answer.error);
    return { status: 200, headers: {}, body: renderInvalidationList(version, marker, answer.value) };
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const route = routeOf(request.url ?? '');
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
    fault: options.fault,
    onInvalidation: (listener) => void listeners.push(listener),
    close: () => closeServer(server),
  };
  return cloudFront;
}

/** The version of an answer to a request that names none. */
const LATEST = '2020-05-31';

function routeOf(url: string): Route | undefined {
  const [pathname = '', search = ''] = url.split('?', 2);
  const match = /^\/(\d{4}-\d{2}-\d{2})\/distribution\/([^/]+)\/invalidation(?:\/([^/]+))?\/?$/.exec(pathname);
  const [, version, distribution, invalidation] = match ?? [];
  if (!version || !distribution) return undefined;
  return { version, distribution, invalidation, query: new URLSearchParams(search) };
}

function errorAnswer(version: string, error: ApiError): HttpAnswer {
  const requestId = randomUUID();
  const body = renderError(version, error, requestId);
  return { status: error.status, headers: { 'x-amzn-RequestId': requestId }, body };
}
