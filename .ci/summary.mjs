// What vitest's JSON reports say, each suite's in a file: the failed tests with their reasons, and the
// counts of all together. A long log is often kept by its end only.
import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';

const REASON_LENGTH = 3000;

const files = process.argv.slice(2);
const missing = files.filter((file) => !existsSync(file));
const reports = files
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')));

for (const { name, message, assertionResults } of reports.flatMap(({ testResults }) => testResults)) {
  const failed = assertionResults.filter(({ status }) => status === 'failed');
  const reasons = failed.map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
  // A file that could not be loaded has no tests, but a message.
  if (failed.length === 0 && message) reasons.push(message);
  for (const reason of reasons)
    console.log(`FAILED ${relative('.', name)}: ${reason.slice(0, REASON_LENGTH)}\n`);
}
for (const file of missing) console.log(`FAILED no report: ${file}`);

const sum = (count) => reports.reduce((total, report) => total + report[count], 0);
console.log(
  `${sum('numPassedTests')} passed, ${sum('numFailedTests')} failed, ${sum('numPendingTests')} skipped`,
);
