import { describe, expect, it } from 'vitest';
import { askableSystems, createDemoDirectory } from '#client/cluster/kubernetes.ts';
import { editorClock } from '#client/live/editorClock.ts';

function ignore(): void {
  // Nobody listens.
}

const log = { error: ignore, warn: ignore, info: ignore, debug: ignore };

describe('the demo cluster', () => {
  it('has one context that says it is a simulation, and answers like a cluster until it is stopped', async () => {
    const directory = createDemoDirectory({ clock: editorClock, log });
    const [context, ...others] = await directory.contexts();
    expect(others).toEqual([]);
    expect(context).toMatchObject({ isDemo: true, isCurrent: false });
    expect(context?.server).toMatch(/^http:\/\/127\.0\.0\.1:/);
    const name = context?.name ?? '';
    expect(name).toContain('simulation');
    const cluster = await directory.open(name);
    expect(await directory.open(name)).toBe(cluster);
    expect(cluster.context.isDemo).toBe(true);
    expect((await cluster.version()).minor).toMatch(/^1\.\d+$/);
    directory.stop();
    await expect(directory.open(name)).rejects.toMatchObject({ kind: 'configuration' });
    await expect(cluster.version()).rejects.toMatchObject({ name: 'ClusterProblem' });
  });
});

describe('systems that can be asked themselves', () => {
  it('are those with an interface of their own', () => {
    expect(askableSystems).toEqual(expect.arrayContaining(['cassandra', 'kafka']));
    expect(askableSystems).not.toContain('tfjob');
  });
});
