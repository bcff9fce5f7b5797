/** A bus is named, or given by its ARN; the account's own is `default`. */
export function busNameOf(nameOrArn = 'default'): string {
  return nameOrArn.replace(/^arn:[^/]*:event-bus\//, '');
}
