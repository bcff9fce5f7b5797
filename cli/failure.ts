import { isTransient, toApiError } from '../lambda/cloudfront/api-error';

/** Why a call failed, for people. */
export function failureOf(error: unknown): string {
  const { name, message } = toApiError(error);
  return message.startsWith(name) || name === 'Error' ? message : `${name}: ${message}`;
}

/** Whether the same call may pass later. */
export function mayPass(error: unknown): boolean {
  return isTransient(toApiError(error));
}
