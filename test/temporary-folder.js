const { mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');

/** Has all that tests and CDK put into the system's folder for temporary files in one folder of it: CDK leaves every assembly. */
module.exports = () => {
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'invalidator-test-'));
  process.once('exit', () => rmSync(process.env.TMPDIR, { recursive: true, force: true }));
};
