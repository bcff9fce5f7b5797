import { App, RemovalPolicies } from 'aws-cdk-lib';
import { readContext } from '../../lib/app/context';
import { InvalidatorStack } from '../../lib/app/invalidator-stack';
import { STACK_NAME } from '../stack-options';

/** The complete site as `npx cdk deploy` deploys it, but in a stack of its own, with which everything goes. */
const app = new App();
const stack = new InvalidatorStack(app, STACK_NAME, readContext(app.node.getAllContext()));
RemovalPolicies.of(stack).destroy();
app.synth();
