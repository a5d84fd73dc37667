import { describeScripts } from './describe-scripts.ts';

describeScripts(import.meta.dirname);
