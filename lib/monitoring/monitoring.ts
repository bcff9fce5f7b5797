import type { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { letAlarmsNotify } from './alarm-topic';
import { makeAlarms } from './alarms';
import { makeDashboard } from './dashboard';
import type { InvalidatorAlarms } from './invalidator-alarms';
import type { MonitoringProps } from './props';
import { saveQueries } from './queries';

/** What people run an invalidator by: a dashboard, alarms, and saved queries of its log. */
export class Monitoring extends Construct {
  readonly alarms: InvalidatorAlarms;
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    if (props.alarmTopic) letAlarmsNotify(this, props.alarmTopic);
    this.alarms = makeAlarms(this, props);
    this.dashboard = makeDashboard(this, props, Object.values(this.alarms));
    saveQueries(this, props.logGroup);
  }
}
