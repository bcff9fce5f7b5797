import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

/** A tab of a headless Chromium, driven by the DevTools protocol. */
export interface Tab {
  open(url: string): Promise<void>;
  /** The value of an expression in the page, which may be a promise. */
  evaluate<T>(expression: string): Promise<T>;
  /** Waits until an expression is true. */
  until(expression: string): Promise<void>;
  /** A key as the user presses it: `Tab`, `ArrowDown`, `Space`, `Escape`. */
  press(key: string): Promise<void>;
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  /** What the console and the network have complained of. */
  readonly complaints: string[];
  /** Every address that was asked for. */
  readonly requests: string[];
}

export interface Browser {
  newTab(): Promise<Tab>;
  close(): Promise<void>;
}

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'chrome'];

/**
 * Where a Chromium is: CHROMIUM_PATH, one on the PATH, or the one that npm has installed, which is unpacked once.
 * Undefined where none of them starts.
 */
export async function findBrowser(): Promise<string | undefined> {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const installed = [process.env.CHROMIUM_PATH ?? '', ...onPath].find(isExecutable);
  if (installed) return installed;
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const unpacked = await unpack().catch(() => undefined);
    if (unpacked && (await starts(unpacked))) return unpacked;
    // Perhaps somebody has stopped it half-way.
    rmSync(UNPACKED, { recursive: true, force: true });
  }
  return undefined;
}

const PROJECT = join(__dirname, '..');
const UNPACKED = join(PROJECT, 'node_modules/.cache/chromium');

/** What to do where there is none. */
export const HOW_TO_INSTALL =
  'The page is NOT tested in a browser: there is none. `apt-get install chromium` installs one, or set CHROMIUM_PATH.';

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return path !== '';
  } catch {
    return false;
  }
}

/** By the package itself, an ES module that unpacks into the folder for temporary files. */
async function unpack(): Promise<string> {
  mkdirSync(UNPACKED, { recursive: true });
  const code = "import('@sparticuz/chromium').then(async (it) => console.log(await it.default.executablePath()))";
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', code], {
    cwd: PROJECT,
    env: { ...process.env, TMPDIR: UNPACKED },
  });
  return stdout.trim();
}

async function starts(path: string): Promise<boolean> {
  return promisify(execFile)(path, ['--version']).then(
    () => true,
    () => false,
  );
}

/** Starts a Chromium that reaches no address but this machine's. */
export async function startBrowser(path: string): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'page-test-'));
  const child = spawn(path, [
    '--headless=shell',
    '--no-sandbox',
    '--no-zygote',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--hide-scrollbars',
    '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    '--remote-debugging-port=0',
    `--user-data-dir=${profile}`,
  ]);
  const socket = new WebSocket(await addressOf(child));
  await once(socket, 'open');
  const answers = new Map<number, { resolve(result: Record<string, unknown>): void; reject(error: Error): void }>();
  const listeners = new Map<string, (method: string, params: Record<string, unknown>) => void>();
  let sent = 0;
  socket.onmessage = ({ data }) => {
    const { id, result, error, method, params, sessionId } = JSON.parse(String(data));
    if (id === undefined) return listeners.get(sessionId)?.(method, params);
    if (error) answers.get(id)?.reject(new Error(error.message));
    else answers.get(id)?.resolve(result);
    answers.delete(id);
  };
  const send = (method: string, params: object = {}, sessionId?: string) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      sent += 1;
      answers.set(sent, { resolve, reject });
      socket.send(JSON.stringify({ id: sent, method, params, sessionId }));
    });

  return {
    async newTab() {
      const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
      const { sessionId } = await send('Target.attachToTarget', { targetId, flatten: true });
      const tab = makeTab((method, params) => send(method, params, String(sessionId)));
      listeners.set(String(sessionId), tab.heard);
      for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await tab.send(`${domain}.enable`);
      return tab;
    },
    async close() {
      socket.close();
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Goes on listening, so that Chromium can go on complaining. */
function addressOf({ stderr }: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    stderr?.on('data', (chunk) => {
      said += chunk;
      const [, address] = /DevTools listening on (ws:\S+)/.exec(said) ?? [];
      if (address) resolve(address);
    });
    stderr?.on('end', () => reject(new Error(`Chromium does not start: ${said}`)));
  });
}

function makeTab(send: Tab['send']): Tab & { heard(method: string, params: Record<string, unknown>): void } {
  const complaints: string[] = [];
  const requests: string[] = [];
  const tab: Tab = {
    complaints,
    requests,
    send,
    async open(url) {
      await send('Page.navigate', { url });
      await tab.until("document.readyState === 'complete'");
    },
    async evaluate<T>(expression: string) {
      const { result, exceptionDetails } = await send('Runtime.evaluate', {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
      return (result as { value: T }).value;
    },
    async until(expression) {
      const deadline = Date.now() + LONGEST_WAIT;
      while (!(await tab.evaluate<boolean>(`Boolean(${expression})`).catch(() => false))) {
        if (Date.now() <= deadline) {
          await delay(50);
          continue;
        }
        const text = await tab.evaluate<string>('document.body.innerText');
        throw new Error(`Never true: ${expression}, in:\n${text}\n${complaints.join('\n')}`);
      }
    },
    async press(key) {
      const text = TEXTS[key];
      const [windowsVirtualKeyCode] = KEY_CODES[key] ?? [];
      const event = { key: key === 'Space' ? ' ' : key, code: key, windowsVirtualKeyCode };
      await send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', text, ...event });
      await send('Input.dispatchKeyEvent', { type: 'keyUp', ...event });
    },
  };
  return {
    ...tab,
    heard(method, params) {
      if (method === 'Network.requestWillBeSent') requests.push((params.request as { url: string }).url);
      if (method === 'Runtime.exceptionThrown' || method === 'Network.loadingFailed')
        complaints.push(JSON.stringify(params));
      if (method === 'Runtime.consoleAPICalled' && params.type === 'error')
        complaints.push(JSON.stringify(params.args));
      if (method === 'Log.entryAdded') complaints.push(JSON.stringify(params.entry));
    },
  };
}

/** How long a tab waits for something to become true, in ms. */
const LONGEST_WAIT = 50_000;

/** What a key writes. */
const TEXTS: Readonly<Record<string, string>> = { Space: ' ', Enter: '\r' };

const KEY_CODES: Readonly<Record<string, readonly number[]>> = {
  Tab: [9],
  ArrowDown: [40],
  ArrowUp: [38],
  Space: [32],
  Enter: [13],
  Escape: [27],
};
