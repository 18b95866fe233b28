// Adds up vitest's JSON reports and says what failed and what was skipped. Fails when there was either, or no test.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

let isGood = process.argv.length > 2;
for (const path of process.argv.slice(2)) isGood = summarize(path) && isGood;
process.exitCode = isGood ? 0 : 1;

function summarize(path) {
  const report = JSON.parse(readFileSync(path, 'utf8'));
  const files = report.testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed');
  const failed = tests.filter((test) => test.status === 'failed');
  const skipped = tests.filter((test) => test.status !== 'passed' && test.status !== 'failed');
  const broken = files.filter((file) => file.status === 'failed' && file.assertionResults.length === 0);
  const name = basename(path, '.json');
  say(
    `${name}: ${files.length} files, ${passed.length} passed, ${failed.length} failed, ${skipped.length} skipped`,
  );
  for (const file of broken) say(`  failed before its tests: ${file.name}\n    ${file.message ?? ''}`);
  for (const test of failed) say(`  failed: ${test.fullName}`);
  for (const test of skipped) say(`  skipped: ${test.fullName}`);
  return passed.length > 0 && failed.length + skipped.length + broken.length === 0;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
