/**
 * What an invalidation is sent to: a distribution, or one of its tenants. Each has a quota, a lease, a ledger and a share of the day's
 * paths of its own.
 */
export interface Target {
  readonly distribution: string;
  /** Id of the tenant. Absent: the distribution itself. */
  readonly tenant?: string | undefined;
}

/** What tells one target from another: ids of tenants begin with `dt_`, which those of distributions do not. */
export function targetId({ distribution, tenant }: Target): string {
  return tenant ?? distribution;
}

/** Whether both are the same. */
export function isSameTarget(one: Target, other: Target): boolean {
  return one.distribution === other.distribution && one.tenant === other.tenant;
}

/** Each that some origins name, once. */
export function targetsOf(origins: readonly Target[]): Target[] {
  const targets = origins.map(({ distribution, tenant }) =>
    tenant === undefined ? { distribution } : { distribution, tenant },
  );
  return targets.filter((target, at) => targets.findIndex((each) => isSameTarget(each, target)) === at);
}

/** What is wrong with the id of a tenant, as a rule that it breaks; undefined: nothing. */
export function tenantFault(tenant: string): string | undefined {
  return /^dt_[A-Za-z0-9]{1,64}$/.test(tenant)
    ? undefined
    : 'must be the id of a distribution tenant: "dt_" and letters or digits, as "dt_2wjDZi3hD1ivOXf6rpZJO1AB"';
}
