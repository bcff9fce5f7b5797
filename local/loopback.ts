import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The names of this machine: a request for another name was led here by somebody else's, as DNS rebinding does. */
export const THIS_MACHINE = /^(127\.0\.0\.1|([a-z0-9.-]+\.)?localhost)(:\d+)?$/i;

/** A server for this machine only: a request for another name is rejected. */
export function createLoopbackServer(respond: RequestListener): Server {
  return createServer((request, response) => {
    if (THIS_MACHINE.test(request.headers.host ?? '')) return respond(request, response);
    response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' });
    response.end('Only for this machine.\n');
  });
}

/** A port that must be had, 0 for a free one; or one that is had unless something else has it: then it is a free one. */
export type Port = number | { readonly preferred: number };

/** The port to try first. */
export function preferred(port: Port): number {
  return typeof port === 'number' ? port : port.preferred;
}

/**
 * Listens on 127.0.0.1, reachable from this machine only, and returns the port.
 *
 * @param name what listens, for the error: "The local CloudFront cannot listen on port 4566: it is in use."
 */
export async function listenOnLoopback(server: Server, port: Port, name: string): Promise<number> {
  server.listen(preferred(port), '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (typeof port !== 'number' && (code === 'EADDRINUSE' || code === 'EACCES'))
      return listenOnLoopback(server, 0, name);
    const why = code === 'EADDRINUSE' ? 'it is in use' : String(code ?? error);
    throw new Error(`${name} cannot listen on port ${preferred(port)}: ${why}.`, { cause: error });
  }
  return (server.address() as AddressInfo).port;
}

/** Stops a server at once: open connections are cut, an answer still owed is never sent. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    // The only error is that it was closed before.
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
