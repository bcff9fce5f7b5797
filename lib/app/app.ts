import { App, type AppProps } from 'aws-cdk-lib';
import { readContext } from './context';
import { InvalidatorStack } from './invalidator-stack';

/**
 * The CDK app: one stack, by the context. A stack that attaches is named for what it attaches to, so that deploying for
 * a second site never replaces the first.
 *
 * @throws OptionError when a context value breaks its rule
 */
export function makeApp(props?: AppProps): { app: App; stack: InvalidatorStack } {
  const app = new App(props);
  const context = readContext(app.node.getAllContext());
  const name = context.attachTo
    ? [context.attachTo.distributionId, context.attachTo.bucketName.replaceAll('.', '-dot-')]
    : [];
  const stack = new InvalidatorStack(app, ['CloudFrontInvalidator', ...name].join('-'), context);
  return { app, stack };
}
