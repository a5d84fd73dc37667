import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Failure } from '../../../agent/failure.ts';
import { ApproachModel } from '../../../agent/imaging/approach.ts';
import { ImagingControl } from '../../../agent/imaging/control.ts';
import { DiskWriter } from '../../../agent/imaging/disk-writer.ts';
import { Workshop } from '../../../agent/imaging/workshop.ts';
import { FakeDevice } from './fake-device.ts';

const CHUNK = 128 * 1024;
/** So many that there are several regions of 16. */
const CHUNKS = 40;

/** Every byte of every chunk is another's; every fourth chunk is zeros. */
const image = Buffer.concat(
  Array.from({ length: CHUNKS }, (_unused, number) => Buffer.alloc(CHUNK, number % 4 === 3 ? 0 : number + 1)),
);

function deploy(device: FakeDevice, wanted = image, { resumed = false } = {}) {
  const control = new ImagingControl();
  const fetched: number[] = [];
  const model = ApproachModel.forChunks(Math.ceil(wanted.length / CHUNK), { resumed });
  const workshop = new Workshop();
  const writer = new DiskWriter({
    device,
    control,
    model,
    workshop,
    hashOf: (bytes) => hash('sha256', bytes, 'buffer'),
    chunkSizeBytes: CHUNK,
    elapsedNs: () => device.nowNs,
  });
  const put = (number: number) => {
    const bytes = wanted.subarray(number * CHUNK, (number + 1) * CHUNK);
    const zero = bytes.equals(Buffer.alloc(bytes.length));
    writer.put({
      number,
      position: number * CHUNK,
      length: bytes.length,
      hash: zero ? null : hash('sha256', bytes, 'buffer'),
      bytes: () => {
        fetched.push(number);
        return bytes;
      },
    });
  };
  return {
    control,
    fetched,
    model,
    put,
    all() {
      for (let number = 0; number * CHUNK < wanted.length; number += 1) put(number);
    },
  };
}

function failureOf(work: () => void): Failure {
  try {
    work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const unrelated = () => new FakeDevice(Buffer.alloc(image.length, 0xee));

describe('a deploy', () => {
  it('ends with the image on the disk, and every byte read back', () => {
    const device = unrelated();
    const { all, control, model } = deploy(device);

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(control.counted).toMatchObject({
      done: image.length,
      written: (image.length / 4) * 3,
      skipped: image.length / 4,
    });
    expect(model.outcome).toMatchObject({ zeroedBytes: image.length / 4, equalBytes: 0, rewrittenBytes: 0 });
    const { heavyMs, lightMs } = control.counted;
    expect(heavyMs + lightMs).toBeCloseTo(device.nowNs / 1e6, 1);
    expect(heavyMs).toBeGreaterThan(2 * lightMs);
    for (const [at, transfer] of device.transfers.entries()) {
      if (transfer.on !== 'read') expect(device.transfers[at + 1]).toEqual({ ...transfer, on: 'read' });
    }
  });

  it('writes nothing where all is there already', () => {
    const device = new FakeDevice(Buffer.from(image));
    const { all, control } = deploy(device);

    all();

    expect([device.count('write'), device.count('zero')]).toEqual([0, 0]);
    expect(control.writesBegun).toBe(false);
  });

  it('writes and reads back only the part of a chunk that differs from what was compared', () => {
    const device = new FakeDevice(Buffer.from(image));
    const at = 5 * CHUNK + CHUNK / 2;
    device.held.writeUInt8(0xee, at + 100);
    const { all, control } = deploy(device);

    all();

    const part = { position: at, length: CHUNK / 2 };
    const written = device.transfers.findIndex(({ on }) => on === 'write');
    expect(device.transfers.slice(written, written + 2)).toEqual([
      { on: 'write', ...part },
      { on: 'read', ...part },
    ]);
    expect(device.count('write')).toBe(1);
    expect(device.held.equals(image)).toBe(true);
    expect(control.counted).toMatchObject({
      done: image.length,
      written: CHUNK / 2,
      skipped: image.length - CHUNK / 2,
    });
  });

  it('does not read holes, neither those it made nor those it found', () => {
    const device = unrelated();
    device.makesHoles = true;
    deploy(device).all();
    const touched = () => new Set(device.transfers.map(({ position }) => position / CHUNK));
    const made = device.transfers.filter(({ on }) => on === 'zero').map(({ position }) => position / CHUNK);
    const readBack = (number: number) =>
      device.transfers.some(
        ({ on, position, length }) => on === 'read' && position === number * CHUNK && length === CHUNK,
      );
    expect(made).toHaveLength(CHUNKS / 4);
    expect(made.filter(readBack)).toEqual([]);

    device.transfers.length = 0;
    deploy(device).all();
    expect(made.filter((number) => touched().has(number))).toEqual([]);
    expect(device.held.equals(image)).toBe(true);
  });

  it('writes zeros where the device does not make them', () => {
    const device = unrelated();
    device.zeroes = false;
    const { all, control, model } = deploy(device);

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(control.counted.written).toBe(image.length);
    expect(model.outcome.zeroedBytes).toBe(0);
  });

  it('leaves out zeros past the end of a smaller disk, sector by sector', () => {
    const device = new FakeDevice(Buffer.alloc(image.length - CHUNK / 2 - 4096, 0xee), 4096);
    const { all } = deploy(device);

    all();

    expect(device.held.equals(image.subarray(0, device.sizeBytes))).toBe(true);
  });

  it('has the failure of the box when data does not fit, by one sector', () => {
    const wanted = image.subarray(0, 3 * CHUNK);
    const device = new FakeDevice(Buffer.alloc(wanted.length - 512, 0xee));

    const failure = failureOf(deploy(device, wanted).all);

    expect(failure).toMatchObject({ class: 'box', code: 'disk-failed' });
    expect(failure.message).toContain('writing the disk at byte 262144');
  });
});

describe('a deploy that goes on', () => {
  /** One that was interrupted, and whose power cut took two chunks from the middle with it. */
  const interrupted = () => {
    const held = Buffer.concat([image.subarray(0, 24 * CHUNK), Buffer.alloc(16 * CHUNK, 0xee)]);
    return new FakeDevice(held.fill(0xee, 8 * CHUNK, 10 * CHUNK));
  };

  it('neither fetches nor writes what is there already', () => {
    const device = interrupted();
    const { all, fetched } = deploy(device, image, { resumed: true });

    all();

    expect(device.held.equals(image)).toBe(true);
    const brought = device.transfers
      .filter(({ on }) => on !== 'read')
      .map(({ position }) => position / CHUNK);
    const missing = [8, 9, ...Array.from({ length: 16 }, (_unused, number) => 24 + number)];
    expect(brought).toEqual(missing);
    expect(fetched).toEqual(missing.filter((number) => number % 4 !== 3));
  });

  it('writes a region that it can not compare', () => {
    const device = interrupted();
    device.faults = [{ at: 2 * CHUNK, on: 'read', what: { code: 'EIO' }, times: 1 }];
    const { all, model } = deploy(device, image, { resumed: true });

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(model.outcome).toMatchObject({ avoidedRegions: 1, equalBytes: 10 * CHUNK });
  });
});

describe('what is read back', () => {
  it('is written once more when it is not what was written', () => {
    const device = unrelated();
    device.faults = [{ at: 5 * CHUNK, on: 'write', what: 'forgotten', times: 1 }];
    const { all, model } = deploy(device);

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(model.outcome.rewrittenBytes).toBe(CHUNK);
  });

  it('is written once more when it can not be read', () => {
    const device = unrelated();
    const { all, put } = deploy(device);
    for (let number = 0; number < 30; number += 1) put(number);
    device.faults = [{ at: 30 * CHUNK + CHUNK / 2, on: 'read', what: { code: 'EIO' }, times: 1 }];

    all();

    expect(device.held.equals(image)).toBe(true);
  });

  it('is also what was made zero, and then zeros are written', () => {
    const device = unrelated();
    device.faults = [{ at: 3 * CHUNK, on: 'zero', what: 'forgotten' }];
    const { all, control } = deploy(device);

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(control.counted.written).toBe((image.length / 4) * 3 + CHUNK);
  });

  it.each([
    ['is wrong twice', 'forgotten' as const, 'write' as const, 'disk-write-failed'],
    ['can not be read twice', { code: 'EIO' }, 'read' as const, 'disk-failed'],
  ])('fails the box when it %s', (_name, what, on, code) => {
    const device = unrelated();
    device.faults = [{ at: 5 * CHUNK, on, what }];
    const { all, control } = deploy(device);

    const failure = failureOf(all);

    expect(failure).toMatchObject({ class: 'box', code });
    expect(failure.message).toContain(`byte ${5 * CHUNK}`);
    expect(control.writesBegun).toBe(true);
  });
});

it.each(['write', 'zero'] as const)('a failed %s is the failure of the box', (on) => {
  const device = unrelated();
  device.faults = [{ at: 7 * CHUNK - 1, on: 'write', what: { code: 'EIO' } }];
  device.faults.push({ at: 7 * CHUNK, on: 'zero', what: { code: 'EIO' } });
  const { put } = deploy(device);

  const failure = failureOf(() => put(on === 'write' ? 6 : 7));

  expect(failure).toMatchObject({ class: 'box', code: 'disk-failed' });
  expect(failure.message).toContain('EIO');
});

describe('comparing', () => {
  it('gives a region up at an error, writes it, and compares the next', () => {
    const device = new FakeDevice(Buffer.from(image));
    device.faults = [{ at: 17 * CHUNK, on: 'read', what: { code: 'EIO' }, times: 1 }];
    const { all, model } = deploy(device);

    all();

    expect(device.held.equals(image)).toBe(true);
    expect(model.outcome).toMatchObject({ avoidedRegions: 1, comparedBytes: 25 * CHUNK });
    const brought = device.transfers
      .filter(({ on }) => on !== 'read')
      .map(({ position }) => position / CHUNK);
    expect(brought).toEqual(Array.from({ length: 15 }, (_unused, number) => 17 + number));
  });

  it('gives a region up after a chunk that took longer than 10 s', () => {
    const device = new FakeDevice(Buffer.from(image));
    device.faults = [{ at: 20 * CHUNK, on: 'read', what: { slowMs: 10_001 } }];
    const { all, model } = deploy(device);

    all();

    expect(model.outcome).toMatchObject({ avoidedRegions: 1, equalBytes: 29 * CHUNK });
    expect(device.held.equals(image)).toBe(true);
  });

  it('says what is a mistake of ours, not of the disk', () => {
    const device = new FakeDevice(Buffer.from(image));
    device.read = () => {
      throw new TypeError('not a buffer');
    };

    expect(deploy(device).all).toThrow(TypeError);
  });
});
