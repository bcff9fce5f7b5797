import type { ServerResponse } from 'node:http';
import type { ApiError } from './api-error';
import type { Invalidation } from './control-plane';

/** A request of CreateInvalidation, or of CreateInvalidationForDistributionTenant, as a fault function sees it, before the distribution and the paths are looked at. */
export interface CreateCall {
  /** Of a tenant, that it is of; empty: the tenant is not known. */
  readonly distribution: string;
  /** The tenant whose invalidation it is. Absent: it is the distribution's own. */
  readonly tenant?: string;
  readonly callerReference: string;
  readonly paths: readonly string[];
  /** Counts every CreateInvalidation request of the server, from 1. */
  readonly number: number;
}

/**
 * What goes wrong with a request: one of CreateInvalidation, or one that reads, of which "carried out" means nothing.
 *
 * - `refuse`: answered with this error; nothing is created.
 * - `hang`: nothing is created, and no answer comes until either side closes the connection.
 * - `lose-answer`: carried out, then the connection is cut instead of an answer.
 * - `delay-answer`: carried out at once, answered `ms` milliseconds later.
 * - `garble-answer`: carried out, then answered with the first half of the XML, with a web page, with other XML, with
 *   another resource of CloudFront's, with nothing.
 * - `cut-answer`: carried out, then the connection is cut after so many bytes of the answer's body.
 * - `stall-answer`: carried out, then nothing comes any more after so many bytes of the answer's body.
 */
export type Fault =
  | { readonly kind: 'refuse'; readonly status: number; readonly code: string; readonly message?: string }
  | { readonly kind: 'hang' }
  | { readonly kind: 'lose-answer' }
  | { readonly kind: 'delay-answer'; readonly ms: number }
  | {
      readonly kind: 'garble-answer';
      readonly as: 'truncated-xml' | 'not-xml' | 'other-xml' | 'other-resource' | 'empty';
    }
  | { readonly kind: 'cut-answer' | 'stall-answer'; readonly after: number };

/** Decides what goes wrong with each request; `undefined`: nothing. */
export type FaultFunction = (call: CreateCall) => Fault | undefined | Promise<Fault | undefined>;

/** What became of a CreateInvalidation request. `hung`: never answered. */
export type Outcome =
  | { readonly kind: 'created' | 'repeated'; readonly invalidation: Invalidation }
  | { readonly kind: 'refused'; readonly error: ApiError }
  | { readonly kind: 'hung' };

/** A CreateInvalidation request and what became of it. */
export interface CallRecord extends CreateCall {
  /** When it came in, milliseconds on the server's clock. */
  readonly at: number;
  readonly outcome: Outcome;
  /** What was injected into it. */
  readonly fault?: Fault;
}

/** An answer ready to be sent. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends an answer in the way that the fault of its request prescribes. */
export function sendFaulty(response: ServerResponse, answer: HttpAnswer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'lose-answer':
      response.socket?.destroy();
      return;
    case 'delay-answer': {
      const timer = setTimeout(() => send(response, answer), fault.ms);
      response.once('close', () => clearTimeout(timer));
      return;
    }
    case 'garble-answer':
      send(response, { ...answer, body: garbled(answer.body)[fault.as] });
      return;
    case 'cut-answer':
    case 'stall-answer':
      response
        .writeHead(answer.status, { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(answer.body) })
        .write(answer.body.slice(0, fault.after), () => {
          if (fault.kind === 'cut-answer') response.socket?.destroy();
        });
      return;
    default:
      send(response, answer);
  }
}

const garbled = (body: string) => ({
  'truncated-xml': body.slice(0, body.length / 2),
  'not-xml': '<html><p>Bad gateway<br></html>',
  'other-xml': '<?xml version="1.0"?>\n<Maintenance><Until>soon</Until></Maintenance>',
  'other-resource': '<?xml version="1.0"?>\n<Distribution><Id>E1SITE</Id><Status>Deployed</Status></Distribution>',
  empty: '',
});

/** Sends an answer as it is. */
export function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  response
    .writeHead(status, { 'Content-Type': 'text/xml', 'Content-Length': Buffer.byteLength(body), ...headers })
    .end(body);
}
