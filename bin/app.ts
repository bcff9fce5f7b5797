import { makeApp } from '../lib/app/app';
import { OptionError } from '../lib/options/option-error';

try {
  makeApp().app.synth();
} catch (error) {
  if (!(error instanceof OptionError)) throw error;
  console.error(`Context: ${error.message}`);
  process.exitCode = 1;
}
