import { isTransient, toApiError } from '../lambda/cloudfront/api-error';

/** A call that failed, in a sentence. The command line is all right. */
export class CallFailure extends Error {
  constructor(what: string, error: unknown) {
    super(`${what}. ${failureOf(error)}`);
    this.name = 'CallFailure';
  }
}

/** Why a call failed, for people. */
export function failureOf(error: unknown): string {
  const { name, message } = toApiError(error);
  return message.startsWith(name) || name === 'Error' ? message : `${name}: ${message}`;
}

/** Whether the same call may pass later. */
export function mayPass(error: unknown): boolean {
  return isTransient(toApiError(error));
}
