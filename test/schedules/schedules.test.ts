import { dynamoDBLedgerStore } from '../../lambda/dispatch/dynamodb-ledger-store';
import { makeSingleWriter } from '../../lambda/dispatch/single-writer';
import { makeHandler } from '../../lambda/handler';
import { readable } from './counterexample';
import { explore } from './explore';
import { type LedgerBounds, SCENARIOS, type Scenario } from './scenario';

const SUBJECT = { makeHandler, makeSingleWriter, dynamoDBLedgerStore };

test.each(SCENARIOS)(
  'no schedule breaks an invariant: $name',
  async (scenario) => {
    const { states, transitions, events, counterexample } = await explore(scenario, SUBJECT);
    process.stdout.write(
      `schedules, ${scenario.name}: ${states} states, ${transitions} transitions, ${events} events; ${boundsOf(scenario)}\n`,
    );
    if (counterexample) throw new Error(`A schedule breaks an invariant:\n${readable(counterexample)}`);
  },
  60_000,
);

function boundsOf(scenario: Scenario): string {
  const { messages, objects, distributions, mostReceives, concurrency, redrives, faults, ledger, mostEvents } =
    scenario;
  return [
    `${messages} messages`,
    `${objects.length} keys`,
    `${distributions.length} distributions`,
    `${mostReceives} receives`,
    `${concurrency} environments`,
    `${redrives} redrives`,
    `faults: ${faults.join(' ') || 'none'}`,
    ...(ledger ? [ledgerBoundsOf(ledger)] : []),
    mostEvents === undefined ? 'to the end' : `${mostEvents} events`,
  ].join(', ');
}

function ledgerBoundsOf({ leasesExpire, clockSkews, faults }: LedgerBounds): string {
  return [
    'a ledger',
    ...(leasesExpire ? ['leases expire'] : []),
    ...(clockSkews ? [`clocks ${clockSkews.join(' and ')} ms ahead`] : []),
    ...(faults ? [`DynamoDB: ${faults.join(' / ')}`] : []),
  ].join(' + ');
}
