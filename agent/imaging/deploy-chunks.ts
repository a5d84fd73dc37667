import { chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { ApproachModel } from './approach.ts';
import { openBlockDevice } from './block-device.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ImagingControl } from './control.ts';
import { DiskWriter } from './disk-writer.ts';
import { sideBySide } from './side-by-side.ts';
import type { CheckTask, DeployTask, IndexedSource } from './tasks.ts';
import type { Workshop } from './workshop.ts';

/** Of disks with fewer chunks, 1 GiB, each thread has one chunk under way. */
const SMALL_CHUNKS = 256;

/** One worker's share of reading an image through: every member is there and unchanged. */
export function checkChunks(task: CheckTask, workshop: Workshop): void {
  const control = new ImagingControl(task.control);
  const reader = new ChunkReader(task.source, workshop);
  for (;;) {
    const chunk = nextOf(task.source, control);
    if (chunk === undefined) return;
    reader.check(chunk, reader.record(chunk));
    control.count({ done: chunkLength(task.source, chunk) });
  }
}

/** One worker's share of writing an image to a disk. */
export function deployChunks(task: DeployTask, workshop: Workshop): void {
  const { source, disk } = task;
  const control = new ImagingControl(task.control);
  const about = { device: openBlockDevice(disk), control, model: ApproachModel.shared(task.approach) };
  // What is under way when the power is cut has to be fetched again: of a small disk, too much.
  const most = chunkCount(source) < SMALL_CHUNKS ? 1 : undefined;
  const lanes = workshop.lanes(most).map((lane) => ({
    ...lane,
    reader: new ChunkReader(source, lane),
    writer: new DiskWriter({
      ...about,
      workshop: lane,
      chunkSizeBytes: source.chunkSizeBytes,
      elapsedNs: () => lane.clock.elapsedNs,
    }),
  }));
  sideBySide(workshop.hasher, lanes, ({ reader, writer }) => {
    const chunk = nextOf(source, control);
    if (chunk === undefined) return undefined;
    const record = reader.record(chunk);
    return writer.put({
      number: chunk,
      position: chunk * source.chunkSizeBytes,
      length: chunkLength(source, chunk),
      sha256: record.zero ? null : record.sha256,
      bytes: () => reader.raw(chunk, record),
    });
  });
}

function nextOf(source: IndexedSource, control: ImagingControl): number | undefined {
  return control.take(chunkCount(source), (number) => chunkLength(source, number));
}
