import type { DiskFit, DiskOutcome } from '../../src/contract/report.ts';
import type { Target } from '../disks.ts';
import { asFailure, Failure } from '../failure.ts';
import type { ApproachOutcome } from '../imaging/approach.ts';
import { ImagingControl } from '../imaging/control.ts';
import type { Deploy } from '../imaging/deploy.ts';
import { ProgressMeter } from '../imaging/meter.ts';
import { openTarget } from '../open-target.ts';
import type { ActionContext, ActionProgram, ActionResult } from './action.ts';
import { describeApproach } from './restore-approach.ts';
import { fitToPlan } from './restore-fit.ts';
import { type CheckedImage, checkImage, lookAtImage } from './restore-image.ts';

/** `restore`: brings the planned images onto the disks. */
export const restore: ActionProgram = { disks: 'planned', check, run };

async function check(context: ActionContext, targets: readonly Target[]): Promise<void> {
  for (const target of targets) await lookAtImage(context, target);
}

/** One disk of the restore, from its claim to its verified end. */
interface Writing {
  target: Target;
  image: CheckedImage;
  control: ImagingControl;
  state: 'untouched' | 'half-written' | 'verified';
}

async function run(context: ActionContext, targets: readonly Target[]): Promise<ActionResult> {
  const { stop } = context.report;
  await using stack = new AsyncDisposableStack();
  const claimed = new Map<Target, DiskHandle>();
  for (const target of targets) {
    claimed.set(target, stack.use(await openTarget(context.machine, target.disk, 'write')));
  }
  await context.report.emit({ type: 'phase', phase: 'checking-image' });
  const writings: Writing[] = [];
  for (const target of targets) {
    const image = stack.use(await checkImage(context, target));
    writings.push({ target, image, control: new ImagingControl(), state: 'untouched' });
  }
  stop.throwIfAborted();
  try {
    for (const { target } of writings) await context.report.emit({ type: 'dirty', slot: target.slot });
    await context.report.delivered(stop);
    return await writeAll(context, writings, claimed);
  } catch (error) {
    await clearUntouched(context, writings);
    throw stop.aborted && error === stop.reason ? error : withStates(error, writings);
  }
}

type DiskHandle = Awaited<ReturnType<typeof openTarget>>;

async function writeAll(
  context: ActionContext,
  writings: Writing[],
  claimed: ReadonlyMap<Target, DiskHandle>,
): Promise<ActionResult> {
  await context.report.emit({ type: 'phase', phase: 'imaging' });
  const meter = new ProgressMeter(
    context.clock,
    writings.map(({ target, image }) => ({ slot: target.slot, totalBytes: image.sizeBytes })),
  );
  const disks: DiskOutcome[] = [];
  for (const writing of writings) {
    const handle = claimed.get(writing.target);
    if (handle === undefined) throw new Error(`${writing.target.slot} is not held open`);
    disks.push(await writeDisk(context, writing, { handle, meter }));
  }
  return { generation: null, disks };
}

async function writeDisk(
  context: ActionContext,
  writing: Writing,
  tools: { handle: DiskHandle; meter: ProgressMeter },
): Promise<DiskOutcome> {
  const { target, image, control } = writing;
  const { slot } = target;
  await context.log('info', `Restoring ${image.path} onto /dev/${target.disk.kernelName}...`);
  if (context.settings.discard === true)
    await context.log('info', `Trimming /dev/${target.disk.kernelName} first...`);
  tools.meter.expect(slot, image.lightAfter);
  const look = () => {
    tools.meter.update(slot, control.counted, image.sizeBytes);
    context.report.progress(tools.meter.all());
  };
  let approach: ApproachOutcome;
  let fit: DiskFit | undefined;
  try {
    approach = await image.deploy({
      ...trimming(context, slot),
      resumed: context.dirtyBefore.has(slot),
      target: { open: tools.handle.disk, sizeBytes: target.disk.sizeBytes },
      pool: context.pool,
      watch: {
        control,
        clock: context.clock,
        timing: context.timing,
        stop: context.report.stop,
        rateLimit: () => context.machine.rateLimit(),
        look,
      },
    });
    // The image is on the disk and proved; with this the disk is not what it shall be until it is done.
    if (context.plan.fit === true) control.beginWrites();
    fit = await fitToPlan(context, target, { image, open: tools.handle.disk });
  } catch (error) {
    if (control.writesBegun) writing.state = 'half-written';
    throw error;
  }
  writing.state = 'verified';
  await context.report.emit({ type: 'clean', slot, because: 'verified' });
  await context.log('info', `Successfully restored ${image.path} onto /dev/${target.disk.kernelName}`);
  await context.log('info', describeApproach(slot, approach));
  const { written, skipped } = control.counted;
  return {
    slot,
    sizeBytes: image.sizeBytes,
    writtenBytes: written,
    skippedBytes: skipped,
    indexHash: image.indexHash,
    codedBytes: image.codedBytes,
    approach,
    ...(fit === undefined ? {} : { fit }),
  };
}

function trimming(context: ActionContext, slot: string): Pick<Deploy, 'trim'> {
  if (context.settings.discard !== true) return {};
  const failed = (why: string) =>
    context.log('warn', `The disk of ${slot} could not be trimmed, and is restored without: ${why}`);
  return { trim: { failed } };
}

/**
 * Disks that this run never wrote are as they were. What an earlier attempt left
 * half-written stays so.
 */
async function clearUntouched(context: ActionContext, writings: readonly Writing[]): Promise<void> {
  for (const { target, state } of writings) {
    if (state !== 'untouched' || context.dirtyBefore.has(target.slot)) continue;
    await context.report.emit({ type: 'clean', slot: target.slot, because: 'untouched' });
  }
}

function withStates(error: unknown, writings: readonly Writing[]): Failure {
  const failure = asFailure(error);
  const states = writings.map(({ target, state }) => `${target.slot} is ${stateWords[state]}`).join(', ');
  return new Failure({
    class: failure.class,
    code: failure.code,
    message: `${failure.message}. State of the disks: ${states}`,
    cause: error,
  });
}

const stateWords = {
  untouched: 'untouched',
  'half-written': 'half-written',
  verified: 'restored in full',
} satisfies Record<Writing['state'], string>;
