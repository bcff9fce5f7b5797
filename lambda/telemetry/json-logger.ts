import { Console } from 'node:console';
import { Logger, type LogItem, LogLevelThreshold } from '@aws-lambda-powertools/logger';

/**
 * A logger whose lines are safe to show, whatever keys and error messages they quote: no raw character in them steers the
 * reader's terminal, and none of them holds the function's credentials.
 */
export class JsonLogger extends Logger {
  protected override printLog(level: number, item: LogItem): void {
    item.prepareForPrint();
    const line = withoutSecrets(escapeSteering(JSON.stringify(item.getAttributes(), this.getJsonReplacer())));
    if (level >= LogLevelThreshold.WARN) output.warn(line);
    else output.log(line);
  }
}

/** Not the global one, which Lambda's runtime has rewritten to wrap each line in another. */
const output = new Console({ stdout: process.stdout, stderr: process.stderr });

/** All of C0, C1 and Unicode's format controls, such as those that turn the direction of text, but the two joiners that words need. */
const STEERING = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Of these, JSON leaves raw what is above U+001F. Escaped in its way, they come out of it as they were. */
function escapeSteering(json: string): string {
  return json.replace(STEERING, (character) =>
    Array.from({ length: character.length }, (_, at) => `\\u${hex(character.charCodeAt(at))}`).join(''),
  );
}

function hex(code: number): string {
  return code.toString(16).padStart(4, '0');
}

/** What Lambda gives the function to sign its requests with. */
const SECRETS = ['AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'];

/** Shorter values are placeholders, such as those of the local run. */
const SHORTEST_SECRET = 16;

/** An error may quote the request that it is about, and with it the session token. */
function withoutSecrets(line: string): string {
  return SECRETS.reduce((text, name) => {
    const secret = process.env[name] ?? '';
    if (secret.length < SHORTEST_SECRET) return text;
    // As a header has it, and as a query or the text that is signed.
    return text.replaceAll(secret, '[secret]').replaceAll(encodeURIComponent(secret), '[secret]');
  }, line);
}
