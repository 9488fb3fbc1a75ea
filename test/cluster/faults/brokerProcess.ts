import { until } from '../bed/commands.ts';
import { asArray, asNumber, asText, at } from '../bed/json.ts';
import { signal } from '../bed/native/processes.ts';
import type { Fault, FaultBed } from './fault.ts';
import { birthOf, podProcess, readPod } from './processes.ts';

/** Ends the main process of a pod from outside, as a crash or a lack of memory does. */
export const stopProcess: Fault = {
  name: 'stop-process',
  target: 'pod',
  summary:
    'ends the process of a broker or member, --signal TERM (default) or KILL; undo waits until it is ready again',
  async apply(bed, target, options) {
    const { pid, containerId, born } = await podProcess(bed, target);
    signal(pid, options.signal === 'KILL' ? 'SIGKILL' : 'SIGTERM');
    await until(`the process of ${target} to end`, 150, async () => birthOf(pid) !== born, 100);
    return { containerId };
  },
  // The kubelet starts it again by itself, later each time.
  undo: (bed, target, memo) => waitForOtherContainer(bed, target, asText(memo['containerId'])),
};

/** Keeps the process from running, while its connections stay open: worse than a crash, because nobody is told. */
export const pauseProcess: Fault = {
  name: 'pause-process',
  target: 'pod',
  summary: 'stops the process of a broker or member from running (SIGSTOP); undo lets it run on',
  async apply(bed, target) {
    const { pid, born } = await podProcess(bed, target);
    signal(pid, 'SIGSTOP');
    return { pid, born };
  },
  async undo(_, target, memo) {
    const pid = asNumber(memo['pid']);
    if (birthOf(pid) === '' || birthOf(pid) !== memo['born']) return;
    signal(pid, 'SIGCONT');
    await until(`the process of ${target} to run`, 5, async () => birthOf(pid) === memo['born'], 50);
  },
};

async function waitForOtherContainer(bed: FaultBed, target: string, old: string): Promise<void> {
  await until(`${target} to be ready again`, 420, async () => {
    const [status] = asArray(at(await readPod(bed, target).catch(() => ({})), 'status', 'containerStatuses'));
    return at(status, 'ready') === true && !asText(at(status, 'containerID')).endsWith(old || '-');
  });
}
