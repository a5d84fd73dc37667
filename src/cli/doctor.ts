import { Command } from 'commander';
import { withDotenvFile } from '../config/dotenv.ts';
import { findingLine } from './doctor/examine.ts';

/** `testbox doctor`: looks at everything the bot needs and says what to put right. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('look at everything the bot needs, and say what to put right')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json }: { json?: true }) => {
      const { diagnose } = await import('./doctor/diagnose.ts');
      const findings = await diagnose(withDotenvFile(process.env, process.cwd()));
      const text = json ? JSON.stringify(findings, null, 2) : findings.map(findingLine).join('\n');
      process.stdout.write(`${text}\n`);
      process.exitCode = findings.some(({ status }) => status === 'fix') ? 1 : 0;
    });
}
