import type { Target } from '../contract/target';

/**
 * Why a request cannot be sent to what it names, as a rule that it breaks; undefined: it can.
 *
 * @param known what the origins name
 */
export function targetFault({ distribution, tenant }: Target, known: readonly Target[]): string | undefined {
  const distributions = [...new Set(known.map((each) => each.distribution))];
  if (!distributions.includes(distribution)) {
    return `invalidate.distribution must be one of ${distributions.join(', ')}, but it is ${JSON.stringify(distribution)}`;
  }
  const own = known.filter((each) => each.distribution === distribution);
  if (own.some((each) => each.tenant === tenant)) return undefined;
  const tenants = [...new Set(own.flatMap((each) => each.tenant ?? []))];
  const rule = tenants.length === 0 ? 'left out: no origin names a tenant' : `one of ${tenants.join(', ')}`;
  return `invalidate.tenant must be ${rule}, but it is ${JSON.stringify(tenant) ?? 'missing'}`;
}
