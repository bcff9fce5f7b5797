export * from './api-error-cause';
export * from './change-events';
export * from './cloudfront-invalidator';
export * from './monitoring/invalidator-alarms';
export * from './props';
