import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { OptionError, readable } from '../options/option-error';
import { makeRendering, type Rendering } from './rendering';

/** What the synthesis shows to be wrong, or doubtful. */
export interface Finding {
  /** Such as `origins[0].originPath`. A warning is acknowledged by its last name. */
  readonly option: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
}

export function error(option: string, rule: string, value: unknown): Finding {
  return { option, level: 'error', message: new OptionError(option, rule, value).message };
}

export function warning(option: string, message: string): Finding {
  return { option, level: 'warning', message: readable(message) };
}

/** Each once, as messages name them. */
export function listed(all: readonly string[]): string {
  return [...new Set(all)].join(', ');
}

/** Looks at what the app synthesizes, when all of it is complete, aspects and overrides included. */
export function checkAtSynthesis(scope: Construct, checks: readonly ((rendering: Rendering) => Finding[])[]): void {
  scope.node.addValidation({
    validate() {
      const found = checks.flatMap((check) => check(makeRendering()));
      for (const { option, message } of found.filter(({ level }) => level === 'warning')) {
        Annotations.of(scope).addWarningV2(`cloudfront-invalidator:${option.replace(/^.*\./, '')}`, message);
      }
      return found.filter(({ level }) => level === 'error').map(({ message }) => message);
    },
  });
}
