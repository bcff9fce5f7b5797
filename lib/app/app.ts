import { Annotations, App, type AppProps } from 'aws-cdk-lib';
import { CONTEXT_RULES, OF_CDK, readContext } from './context';
import { InvalidatorStack } from './invalidator-stack';

/**
 * The CDK app: one stack, by the context. A stack that attaches is named for what it attaches to, so that deploying for
 * a second site never replaces the first.
 *
 * @throws OptionError when a context value breaks its rule
 */
export function makeApp(props?: AppProps): { app: App; stack: InvalidatorStack } {
  const app = new App(props);
  const all = app.node.getAllContext();
  const context = readContext(all);
  const { attachTo } = context;
  const name = attachTo ? [attachTo.distributionId, attachTo.bucketName.replaceAll('.', '-dot-')] : [];
  const stack = new InvalidatorStack(app, ['CloudFrontInvalidator', ...name].join('-'), context);
  const unread = Object.keys(all).filter((key) => !OF_CDK.test(key) && !Object.hasOwn(CONTEXT_RULES, key));
  const message = `Nothing here reads ${unread.join(', ')} of the context.`;
  if (unread.length > 0) Annotations.of(stack).addWarningV2('cloudfront-invalidator:context', message);
  return { app, stack };
}
