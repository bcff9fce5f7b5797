/** A period's data point: true is one that breaches the threshold, undefined one that is missing. */
export type DataPoint = boolean | undefined;

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export interface AlarmSettings {
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: 'missing' | 'ignore' | 'breaching' | 'notBreaching';
}

/**
 * The state of an alarm by the data points of its evaluation range, the oldest first. That range is longer than the
 * evaluation periods: where points are missing, older ones are taken.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
 */
export function stateOf(alarm: AlarmSettings, range: readonly DataPoint[], current: AlarmState): AlarmState {
  const { evaluationPeriods, datapointsToAlarm, treatMissingData } = alarm;
  const real = range.filter((point) => point !== undefined).slice(-evaluationPeriods);
  const breaching = real.filter(Boolean).length;
  const missing = evaluationPeriods - real.length;
  const filled = breaching + (treatMissingData === 'breaching' ? missing : 0);
  if (filled >= datapointsToAlarm) return 'ALARM';
  if (missing === 0 || treatMissingData === 'breaching' || treatMissingData === 'notBreaching') return 'OK';
  if (breaching < real.length) return 'OK';
  if (treatMissingData === 'ignore') return current;
  const ageOfOldest = breaching > 0 ? range.length - range.indexOf(true) : 0;
  return ageOfOldest >= datapointsToAlarm ? 'ALARM' : 'INSUFFICIENT_DATA';
}
