import type { Template } from './intrinsics';

/** Properties to set: by the construct's path in the stack (`Invalidator/Queue`), then by the property's path. */
export type Overrides = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * A template with other values in some properties, as CDK's `addPropertyOverride` makes it.
 *
 * @throws an Error that names the construct that the template does not have
 */
export function override(template: Template, stackName: string, overrides: Overrides): Template {
  const changed = structuredClone(template);
  for (const [path, properties] of Object.entries(overrides)) {
    // A template without paths has their hashes, at the end of the logical ids.
    const id = new RegExp(`^${path.replaceAll('/', '')}[0-9A-F]{8}$`);
    const [, resource] =
      Object.entries(changed.Resources).find(([logicalId, { Metadata }]) => {
        const constructPath = Metadata?.['aws:cdk:path'];
        return constructPath === undefined ? id.test(logicalId) : constructPath === `${stackName}/${path}/Resource`;
      }) ?? [];
    if (!resource?.Properties) throw new Error(`The template has no construct ${path} to override.`);
    for (const [property, value] of Object.entries(properties)) set(resource.Properties, property.split('.'), value);
  }
  return changed;
}

function set(target: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= {};
  set(target[name] as Record<string, unknown>, rest, value);
}
