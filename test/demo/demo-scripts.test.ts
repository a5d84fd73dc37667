import { describeScripts } from './describe-scripts.ts';
import { playDemo } from './play-demo.ts';
import { scriptsIn } from './scripts-in.ts';

const directory = import.meta.dirname;

describeScripts('the demo', { directory, scripts: scriptsIn(directory) }, playDemo);
