/** The detail type of the events of EventBridge by which other apps request invalidations. It imports nothing. */
export const REQUESTED = 'Invalidation Requested';
