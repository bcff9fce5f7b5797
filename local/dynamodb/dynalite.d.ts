declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB's API over a store in memory. The server does not listen yet. */
  function dynalite(options?: { /** How long a new table cannot be used. */ readonly createTableMs?: number }): Server;
  export = dynalite;
}
