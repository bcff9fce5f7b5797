import { setMaxListeners } from 'node:events';
import { join, relative } from 'node:path';
import { APPLICATION_MUST_STAY_CACHED, applicationStayed, holdApplication } from './cli/application';
import { ARCHIVE, putArchive } from './cli/archive';
import { DEFAULT_PORTS, forgetOptionsOfNpm, type Ports, readArguments, USAGE } from './cli/arguments';
import { isImage, showBeyondPaths } from './cli/beyond-paths';
import { addresses, details } from './cli/introduction';
import { loadFolder } from './cli/load-folder';
import { type LogFile, openLogFile } from './cli/log-file';
import { runOnce } from './cli/once';
import { redeploy } from './cli/redeploy';
import { createReport } from './cli/report';
import { serve } from './cli/serve';
import { listFolder } from './cli/site-folder';
import { viewerPaths } from './cli/viewer';
import { whereUserStands } from './cli/where-user-stands';
import { type LocalStack, startLocalStack } from './local-stack';
import type { Port } from './loopback';
import { createPage } from './page/page';
import type { ObjectChanged } from './s3-sqs/start';
import { readCdkJson } from './synthesize';

/** Milliseconds after which a stop that hangs is cut short. */
const LONGEST_STOP = 5_000;

/** Milliseconds between looks whether who started this is still there. */
const ORPHAN_CHECK = 500;

const VERBOSE_HINT = 'For commands of the AWS CLI: npm start -- --verbose.';

/** `npm start`. Exit code 0: all went well; 1: it did not; 2: the command line is wrong. */
async function main(): Promise<number> {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 22 || (major === 22 && minor < 18)) {
    console.error(
      `This needs Node 22.18 or later, but runs on ${process.versions.node}: \`npm start\` brings its own.`,
    );
    return 1;
  }
  const command = readArguments(process.argv.slice(2), process.env);
  forgetOptionsOfNpm(process.env);
  if (command.kind === 'help') {
    process.stdout.write(USAGE);
    return 0;
  }
  if (command.kind === 'invalid') {
    console.error(`${command.reason} npm start -- --help lists the options.`);
    return 2;
  }

  process.chdir(whereUserStands(process.env, process.cwd(), join(__dirname, '..')));
  let broken: string | undefined;
  const stopping = new AbortController();
  setMaxListeners(0, stopping.signal);
  const stop = () => {
    stopping.abort();
    setTimeout(() => process.exit(broken === undefined ? 130 : 1), LONGEST_STOP).unref();
  };
  // More than once, perhaps: a terminal signals this process and npm, and npm passes it on.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  // Who signals npm alone ends its shell, which passes nothing on.
  const { ppid } = process;
  setInterval(() => process.ppid !== ppid && stop(), ORPHAN_CHECK).unref();
  // Nobody reads on: `npm start | head`.
  process.stdout.on('error', stop);

  let stack: LocalStack | undefined;
  let log: LogFile | undefined;
  let isOver = false;
  const page = createPage();
  try {
    const folder = command.folder ?? relative('', join(__dirname, 'site'));
    const { files, unreadable } = await listFolder(folder);
    const report = page.listeningTo(createReport(console.log, process.stdout.isTTY ? overwrite : undefined));
    log = command.log === undefined ? undefined : openLogFile(command.log, folder, report.warn);
    for (const { path, reason } of unreadable) report.warn(`Left out: ${path}: ${reason}.`);
    report.say('Synthesizing the stack and starting it on this machine …');

    const archive = command.folder === undefined ? ARCHIVE : [];
    // What is attached to exists, and nothing is put before it.
    const isComplete = command.context?.distributionId === undefined;
    const isSample = isComplete && command.folder === undefined;
    const { context: own } = await readCdkJson();
    /** What `-c`, or else cdk.json, says. */
    const stated = (name: string) => {
      const value = command.context?.[name] ?? own[name];
      return value === undefined ? undefined : String(value);
    };
    const takesRequests = isSample && stated('requests') !== 'false';
    let uploaded = files;
    const listeners: ((change: ObjectChanged) => void)[] = [];
    const ports = withDefaults(command.ports);
    stack = await startLocalStack({
      ports,
      context:
        isSample && stated('requests') === undefined ? { ...command.context, requests: 'true' } : command.context,
      application: isComplete,
      renditions: isSample,
      signal: stopping.signal,
      onEvent(event) {
        if (stopping.signal.aborted || isOver) return;
        if (event.kind === 'log') log?.add(event.line.text);
        report.event(event);
        page.event(event);
        if (event.kind === 'broken') {
          broken = event.why;
          stop();
        }
        if (event.kind === 'changed') for (const listener of listeners) listener(event);
      },
      // The site is there before the stack is: what is then invalidated is what changes.
      populate: async (s3, bucket, load) => {
        if (archive.length > 0) await putArchive(s3, bucket, report, stopping.signal);
        uploaded = await loadFolder(s3, bucket, load, files, report, stopping.signal);
      },
    });
    stopping.signal.throwIfAborted();
    const dryRun = stated('dryRun') === 'true';
    const changes = { folder, isSample: command.folder === undefined, byScript: command.kind === 'once', dryRun };
    const pageUrl = await page.open(stack, ports.page, changes);
    report.say(addresses(stack));
    report.say(command.verbose ? await details(stack, takesRequests) : VERBOSE_HINT);
    if (dryRun) report.warn('A dry run: nothing is invalidated, and what is stale stays so.');

    if (command.kind === 'once') {
      report.say(`\n  See it       ${pageUrl}\n`);
      const { site } = stack;
      const prefix = stated('prefix') ?? '';
      // Of what nobody is told, or no viewer is served, nothing becomes fresh.
      const isServed = (key: string) => key.startsWith(prefix) && viewerPaths(key, site).length > 0;
      const toChange = uploaded.filter(({ key }) => isServed(key));
      const others = archive.filter(isServed);
      const image = takesRequests ? toChange.find(isImage) : undefined;
      if (stack.application) await holdApplication(stack.edge.url, report);
      const mustStay = APPLICATION_MUST_STAY_CACHED && stated('readDistribution') !== 'false';
      const passed =
        (await runOnce(stack, toChange, others, report, stopping.signal)) &&
        (others.length === 0 || (await redeploy(stack, toChange, others, report, stopping.signal))) &&
        (!stack.application || (await applicationStayed(stack.edge.url, report, mustStay))) &&
        (!image || (await showBeyondPaths(stack, image, report, stopping.signal)));
      if (broken !== undefined) return 1;
      return stopping.signal.aborted ? 130 : passed ? 0 : 1;
    }
    const loaded = { files: uploaded, unreadable, pageUrl };
    await serve(stack, folder, report, (listener) => listeners.push(listener), stopping.signal, loaded);
    return broken === undefined ? 0 : 1;
  } catch (error) {
    if (broken !== undefined) return 1;
    if (stopping.signal.aborted) return 130;
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  } finally {
    // What fails now does because everything stops.
    isOver = true;
    await page.close();
    await stack?.close();
    log?.close();
  }
}

/** The ports that were given must be had; the others are had unless something else has them. */
function withDefaults(given: Ports): Readonly<Record<keyof Ports, Port>> {
  const port = (name: keyof Ports): Port => given[name] ?? { preferred: DEFAULT_PORTS[name] };
  return { page: port('page'), edge: port('edge'), aws: port('aws'), cloudFront: port('cloudFront') };
}

/** Shows text in the last line of the terminal, in place of what was there; no more of it than fits. */
function overwrite(text: string): void {
  process.stdout.write(`\r\u001b[2K${text.slice(0, (process.stdout.columns ?? 80) - 1)}`);
}

main().then((code) => process.exit(code));
