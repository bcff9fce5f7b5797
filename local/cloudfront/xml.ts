import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { type ApiError, apiError } from './api-error';
import type { Invalidation, InvalidationPage } from './control-plane';
import type { InvalidationBatch } from './invalidation-batch';
import { document, escapeXml, tag } from './xml-text';

/** A request's body, understood or not. */
export type ParsedBatch =
  | { readonly kind: 'batch'; readonly batch: InvalidationBatch }
  | { readonly kind: 'refused'; readonly error: ApiError };

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  removeNSPrefix: true,
  // Despite its name, what makes the parser read `&#x0D;`, which SDKs write.
  htmlEntities: true,
  isArray: (name) => name === 'Path',
});

/**
 * Reads an `InvalidationBatch` document. Its namespace is not compared with the version in the URL: AWS documents no
 * refusal for it.
 */
export function parseInvalidationBatch(body: string): ParsedBatch {
  if (body.trim() === '') return refused(apiError('MissingBody'));
  const root = parse(body);
  if (root === undefined) return refused(apiError('MalformedInput'));
  const batch = child(root, 'InvalidationBatch');
  if (!isElement(batch)) return missing('invalidationBatch');
  const callerReference = child(batch, 'CallerReference');
  if (typeof callerReference !== 'string') return missing('invalidationBatch.callerReference');
  const paths = child(batch, 'Paths');
  if (!isElement(paths)) return missing('invalidationBatch.paths');
  const quantity = child(paths, 'Quantity');
  if (typeof quantity !== 'string') return missing('invalidationBatch.paths.quantity');
  if (!/^\s*[+-]?\d+\s*$/.test(quantity)) return refused(apiError('MalformedInput', 'Quantity is not a number'));
  const items = pathItems(child(paths, 'Items'));
  // As in pplu/aws-sdk-perl#112, of items that were not Path elements.
  if (items === undefined) return refused(apiError('MalformedInput', 'Unexpected list element termination'));
  return { kind: 'batch', batch: { callerReference, paths: items, quantity: Number(quantity) } };
}

function parse(body: string): unknown {
  // A document type could define entities; no SDK sends one.
  if (body.includes('<!DOCTYPE') || XMLValidator.validate(body) !== true) return undefined;
  try {
    return parser.parse(body);
  } catch {
    return undefined;
  }
}

function isElement(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function child(element: unknown, name: string): unknown {
  return isElement(element) ? element[name] : undefined;
}

function pathItems(items: unknown): readonly string[] | undefined {
  if (items === undefined || (typeof items === 'string' && items.trim() === '')) return [];
  if (!isElement(items)) return undefined;
  const { Path: paths = [], '#text': text = '', ...others } = items;
  const known = Object.keys(others).length === 0 && typeof text === 'string' && text.trim() === '';
  return known && Array.isArray(paths) && paths.every((path) => typeof path === 'string') ? paths : undefined;
}

function refused(error: ApiError): ParsedBatch {
  return { kind: 'refused', error };
}

/** The message of aws/aws-sdk-php#1973. */
function missing(member: string): ParsedBatch {
  const constraint = `Value null at '${member}' failed to satisfy constraint: Member must not be null`;
  return refused(apiError('MalformedXML', `1 validation error detected: ${constraint}`));
}

/** The body of CreateInvalidation's and GetInvalidation's answers. */
export function renderInvalidation(version: string, invalidation: Invalidation): string {
  const items = invalidation.paths.map((path) => tag('Path', escapeXml(path))).join('');
  const paths = tag('Paths', tag('Quantity', invalidation.paths.length) + tag('Items', items));
  const batch = tag('InvalidationBatch', paths + tag('CallerReference', escapeXml(invalidation.callerReference)));
  return document(version, 'Invalidation', renderSummary(invalidation) + batch);
}

/** The body of ListInvalidations's answer. Like all of CloudFront's lists, an empty one has a quantity, and no items. */
export function renderInvalidationList(version: string, marker: string, page: InvalidationPage): string {
  const items = page.items.map((invalidation) => tag('InvalidationSummary', renderSummary(invalidation))).join('');
  return document(
    version,
    'InvalidationList',
    tag('Marker', escapeXml(marker)) +
      (page.nextMarker === undefined ? '' : tag('NextMarker', page.nextMarker)) +
      tag('MaxItems', page.maxItems) +
      tag('IsTruncated', String(page.nextMarker !== undefined)) +
      tag('Quantity', page.items.length) +
      (items === '' ? '' : tag('Items', items)),
  );
}

/** The body of an error's answer. */
export function renderError(version: string, error: ApiError, requestId: string): string {
  const type = tag('Type', error.status < 500 ? 'Sender' : 'Receiver');
  const content = type + tag('Code', escapeXml(error.code)) + tag('Message', escapeXml(error.message));
  return document(version, 'ErrorResponse', tag('Error', content) + tag('RequestId', requestId));
}

function renderSummary({ id, status, createTime }: Invalidation): string {
  return tag('Id', id) + tag('Status', status) + tag('CreateTime', new Date(createTime).toISOString());
}
