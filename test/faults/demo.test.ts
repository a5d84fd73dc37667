import { join } from 'node:path';
import { describeScripts } from '../demo/describe-scripts.ts';

describeScripts(join(import.meta.dirname, 'demo'));
