/** How a bucket reports its changes. */
export enum ChangeEvents {
  /** S3 sends its notifications straight to the queue. */
  NOTIFICATIONS = 'notifications',

  /**
   * S3 sends events to EventBridge, and a rule passes them on to the queue. For a bucket whose notifications already have another
   * destination, or are configured elsewhere, or that is in another stack.
   */
  EVENTBRIDGE = 'eventbridge',
}
