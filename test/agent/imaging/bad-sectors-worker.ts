import { meetBadSectors } from './bad-sectors.ts';

// The entry of a worker thread whose disk has bad sectors.
meetBadSectors();
await import('../../../agent/imaging/worker.ts');
