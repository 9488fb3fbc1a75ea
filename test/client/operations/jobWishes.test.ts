import { describe, expect, it, vi } from 'vitest';
import { askResubmit, askSchedule, askWorkers } from '#client/operations/wishes/jobs.ts';
import { clusterOf } from '#test/support/liveViews.ts';
import { answering } from './answering.ts';

vi.mock('vscode', () => ({}));

const whole = { data: clusterOf('orders'), member: undefined };

describe('wishes about jobs', () => {
  it('take one number of workers, or bounds', async () => {
    expect(await askWorkers(whole, answering('4'))).toEqual({ operation: 'workers', to: 4 });
    expect(await askWorkers(whole, answering(' 2 - 8 '))).toEqual({ operation: 'workers', min: 2, max: 8 });
    expect(await askWorkers(whole, answering(undefined))).toBeUndefined();
    await expect(askWorkers(whole, answering('many'))).rejects.toThrow('Write a number');
  });

  it('pause a schedule or resume it', async () => {
    expect(await askSchedule(whole, answering('Pause it'))).toEqual({ operation: 'schedule', to: 'paused' });
    expect(await askSchedule(whole, answering('Resume it'))).toEqual({ operation: 'schedule', to: 'running' });
    expect(await askSchedule(whole, answering(undefined))).toBeUndefined();
  });

  it('take the manifest in front when it is one of the job, and open the job otherwise', async () => {
    const opened = vi.fn(() => Promise.resolve());
    const front = { title: 'job.yaml', text: 'kind: Kafka\nmetadata: {name: orders}\n' };
    expect(await askResubmit(whole, front, answering('Use job.yaml'), opened)).toEqual({
      operation: 'resubmit',
      manifest: front.text,
    });
    expect(opened).not.toHaveBeenCalled();
    expect(await askResubmit(whole, front, answering('Open the job as it is now'), opened)).toBeUndefined();
    expect(await askResubmit(whole, { ...front, text: 'kind: Kafka\n' }, answering(), opened)).toBeUndefined();
    expect(await askResubmit(whole, undefined, answering(), opened)).toBeUndefined();
    expect(opened).toHaveBeenCalledTimes(3);
  });
});
