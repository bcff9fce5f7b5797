import { Construct } from 'constructs';
import { letAlarmsNotify } from './alarm-topic';
import { makeAlarms } from './alarms';
import { makeDashboard } from './dashboard';
import type { MonitoringProps } from './props';
import { saveQueries } from './queries';

/** What people run an invalidator by: a dashboard, alarms, and saved queries of its log. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    if (props.alarmTopic) letAlarmsNotify(this, props.alarmTopic);
    const alarms = makeAlarms(this, props);
    makeDashboard(this, props, alarms);
    saveQueries(this, props.logGroup);
  }
}
