import { chunkCount, chunkLength } from '../../src/contract/chunk-record.ts';
import { ApproachModel } from './approach.ts';
import { openBlockDevice } from './block-device.ts';
import { ChunkReader } from './chunk-reader.ts';
import { ImagingControl } from './control.ts';
import { DiskWriter } from './disk-writer.ts';
import { hasherOf } from './hasher.ts';
import type { CheckTask, DeployTask, IndexedSource } from './tasks.ts';
import type { Workshop } from './workshop.ts';

/** One worker's share of reading an image through: every member is there and unchanged. */
export function checkChunks(task: CheckTask, workshop: Workshop): void {
  const control = new ImagingControl(task.control);
  const reader = new ChunkReader(task.source, workshop);
  for (const chunk of chunksOf(task.source, control)) {
    reader.check(chunk, reader.record(chunk));
    control.count({ done: chunkLength(task.source, chunk) });
  }
}

/** One worker's share of writing an image to a disk. */
export function deployChunks(task: DeployTask, workshop: Workshop): void {
  const { source, disk } = task;
  const control = new ImagingControl(task.control);
  const reader = new ChunkReader(source, workshop);
  const writer = new DiskWriter({
    device: openBlockDevice(disk),
    control,
    model: ApproachModel.shared(task.approach),
    workshop,
    hashOf: hasherOf(source.chunkHash),
    chunkSizeBytes: source.chunkSizeBytes,
  });
  for (const chunk of chunksOf(source, control)) {
    const record = reader.record(chunk);
    writer.put({
      number: chunk,
      position: chunk * source.chunkSizeBytes,
      length: chunkLength(source, chunk),
      hash: record.zero ? null : record.hash,
      bytes: () => reader.raw(chunk, record),
    });
  }
}

function* chunksOf(source: IndexedSource, control: ImagingControl): Generator<number> {
  for (;;) {
    const chunk = control.take(chunkCount(source), (number) => chunkLength(source, number));
    if (chunk === undefined) return;
    yield chunk;
  }
}
