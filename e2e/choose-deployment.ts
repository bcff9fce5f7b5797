import type { Arguments } from './arguments';
import type { Account } from './aws/account';
import { cdkIn } from './aws/cdk';
import { awsDeployment } from './aws/deployment';
import { costOf } from './cost';
import { localDeployment } from './local/deployment';
import { STACK_NAME } from './stack-options';
import type { Deployment } from './target';

/**
 * On AWS only after it was said where and for how much, and with a yes.
 *
 * @returns none without one
 */
export async function chooseDeployment(
  { isLocal, yes, maxPaths, withWindows }: Arguments,
  findAccount: () => Promise<Account>,
  say: (sentence: string) => void,
): Promise<Deployment | undefined> {
  if (isLocal) return localDeployment();
  const account = await findAccount();
  const minutes = withWindows ? 'under 25 minutes' : 'under 15 minutes';
  say(`Account ${account.id}, ${account.region}: deploys stack ${STACK_NAME}, and removes it, in ${minutes}.`);
  say(costOf(maxPaths));
  if (yes) return awsDeployment(account, cdkIn(account.region));
  say('Nothing is deployed yet. If you want it, add --yes: npm run e2e -- --yes');
  return undefined;
}
