import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { valueAt } from '#core/json.ts';
import type { Plan, Precondition, RunRecord } from '#core/operations/model.ts';
import { describePlan, describeRun } from '#core/operations/report.ts';
import { operations } from '#core/systems/operations.ts';
import { alive, APP, SparkGame } from './sparkGame.ts';

let game: SparkGame;

beforeEach(async () => {
  game = await new SparkGame().begin();
});
afterEach(() => game.stop());

const check = ({ preconditions }: Plan, id: string): Precondition | undefined =>
  preconditions.find((one) => one.id === id);

const notesOf = ({ steps }: RunRecord): string => steps.flatMap(({ notes }) => notes).join('\n');

const endOf = ({ state }: RunRecord): string =>
  state.kind === 'paused' || state.kind === 'stopped' ? `${state.kind}: ${state.reason} ${state.fix}` : state.kind;

const manifest = (spec: string, apiVersion = 'sparkoperator.k8s.io/v1beta2', name = APP): string =>
  `apiVersion: ${apiVersion}\nkind: SparkApplication\nmetadata:\n  name: ${name}\nspec:\n${spec}`;

describe('Rerun', () => {
  test('says that it kills what runs and asks for the name, and is done when the operator has submitted anew', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    expect(plan.needsTypedName).toBe(true);
    expect(plan.preconditions.filter(({ state }) => state === 'fails')).toEqual([]);
    expect(describePlan(plan)).toContain('kills the run that is under way');
    const before = [game.submission(), game.driver()?.metadata.uid];
    const record = await game.ended(game.attempt(plan));
    expect(endOf(record)).toBe('done');
    expect(game.submission()).not.toBe(before[0]);
    await game.until(() => game.state() === 'RUNNING');
    expect(game.driver()?.metadata.uid).not.toBe(before[1]);
    expect(describeRun(record)).toContain('SparkApplicationSpecUpdateProcessed');
  });

  test('an application that has ended runs again, and nothing is killed', async () => {
    game.setDriverCourse(5000, 0);
    game.edit({ arguments: ['short'] });
    await game.until(() => game.state() === 'COMPLETED');
    game.setDriverCourse(600_000, 0);
    const plan = await game.plan({ operation: 'rerun' });
    expect(plan.needsTypedName).toBe(false);
    expect(check(plan, 'consequence')).toMatchObject({ state: 'holds' });
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
    await game.until(() => game.state() === 'RUNNING');
  });

  test('a run that began after the plan was made is killed only once its name was typed', async () => {
    game.setDriverCourse(5000, 0);
    game.edit({ arguments: ['short'] });
    await game.until(() => game.state() === 'COMPLETED');
    const plan = await game.plan({ operation: 'rerun' });
    game.setDriverCourse(600_000, 0);
    game.edit({ arguments: ['long'] });
    await game.until(() => game.state() === 'RUNNING');
    const first = await game.ended(game.attempt(plan));
    expect(endOf(first)).toMatch(/^paused: Its spec was changed since the plan was made by somebody/);
    const second = await game.ended(game.attempt(plan, { earlier: first }));
    expect(endOf(second)).toMatch(/^paused: It runs now \(RUNNING\), which it did not/);
    const submission = game.submission();
    const third = await game.ended(game.attempt(plan, { earlier: second }));
    expect(endOf(third)).toMatch(/^paused: It runs now/);
    expect(game.submission()).toBe(submission);
    const fourth = await game.ended(game.attempt(plan, { earlier: third, confirmed: APP }));
    expect(endOf(fourth)).toBe('done');
    expect(game.submission()).not.toBe(submission);
  });

  test('somebody else edits it between the plan and the run: it is shown, and done once that was seen', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    game.edit({ executor: { memory: '8g' } });
    await game.until(() => game.state() === 'RUNNING' && game.executors().length === 3);
    const first = await game.ended(game.attempt(plan));
    expect(endOf(first)).toContain('changed since the plan was made by somebody (generation 2)');
    expect(endOf(await game.ended(game.attempt(plan, { earlier: first })))).toBe('done');
    expect(valueAt(game.app(), 'spec', 'executor', 'memory')).toBe('8g');
  });

  test('an edit at the last moment, behind the journal, is shown before anything is written', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    const submission = game.submission();
    const attempt = game.attempt(plan, {
      onProgress: (progress) => {
        if (progress.kind === 'step' && progress.phase === 'acting') game.edit({ timeToLiveSeconds: 60 });
      },
    });
    expect(endOf(await game.ended(attempt))).toContain('changed since the plan was made by somebody (generation 2)');
    expect([game.submission(), valueAt(game.app(), 'spec', 'driver', 'annotations')]).toEqual([submission, undefined]);
  });

  test('what else decides about it is told: a queue, an owner, a tool that keeps manifests', async () => {
    game.label({ 'kueue.x-k8s.io/queue-name': 'night' }, { 'argocd.argoproj.io/tracking-id': 'a' });
    const plan = await game.plan({ operation: 'rerun' });
    expect(check(plan, 'kueue')?.evidence).toEqual(['It is in the queue night, and Kueue writes spec.suspend']);
    expect(check(plan, 'gitops')).toMatchObject({ state: 'consent' });
    expect(check(plan, 'gitops')?.evidence.join(' ')).toContain('makes it run yet again');
  });

  test('an application that was deleted or made anew is not touched', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    const data = [game.data()];
    game.remove();
    const attempt = game.attempt(plan, { clusters: data });
    expect(endOf(await game.ended(attempt))).toMatch(/^stopped: SparkApplication daily-report was deleted meanwhile/);
    game.addAgain();
    const second = await game.ended(game.attempt(plan, { clusters: data }));
    expect(endOf(second)).toMatch(/^stopped: .*(another one than when the plan was made|was deleted meanwhile)/);
    expect(valueAt(game.app(), 'spec', 'driver', 'annotations')).toBeUndefined();
  });

  test('an operator that is gone is named, before anything is written', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    game.setOperator(0);
    await game.clock.pass(20_000);
    const record = await game.ended(game.attempt(plan));
    expect(endOf(record)).toMatch(
      /^paused: .*Kubeflow Spark Operator to run again: spark-operator\/spark-operator-controller has 0 of 0 ready/,
    );
    expect(valueAt(game.app(), 'spec', 'driver', 'annotations')).toBeUndefined();
    expect(check(await game.plan({ operation: 'rerun' }), 'operator')).toMatchObject({ state: 'fails' });
  });

  test('an operator that goes as it is asked is named within minutes, and the run goes on when it is back', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    const submission = game.submission();
    game.beforeWrite = () => game.killOperator();
    const began = game.clock.now();
    const record = await game.ended(game.attempt(plan));
    expect(endOf(record)).toMatch(
      /^paused: Waiting for Kubeflow Spark Operator to run again: spark-operator\/spark-operator-controller has 0 of 0 ready/,
    );
    expect(game.clock.now() - began).toBeLessThan(180_000);
    expect([game.state(), game.submission()]).toEqual(['RUNNING', submission]);
    game.beforeWrite = () => undefined;
    game.setOperator(1);
    expect(endOf(await game.ended(game.attempt(plan, { earlier: record })))).toBe('done');
    expect(game.submission()).not.toBe(submission);
  });

  test('cancelled while nobody has begun, what was asked is taken back', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    game.beforeWrite = () => {
      game.killOperator();
      game.beforeWrite = () => undefined;
    };
    const attempt = game.attempt(plan);
    await game.until(() => valueAt(game.app(), 'spec', 'driver', 'annotations') !== undefined);
    await game.clock.pass(5000);
    attempt.control.wish = 'cancel';
    expect(endOf(await game.ended(attempt))).toBe('cancelled');
    expect(valueAt(game.app(), 'spec', 'driver', 'annotations')).toEqual({});
  });

  test('a change that the operator loses is made once more, and after three a person must look', async () => {
    const plan = await game.plan({ operation: 'rerun' });
    const submission = game.submission();
    game.simulation.spark.changesToLose = 1;
    const record = await game.ended(game.attempt(plan));
    expect(endOf(record)).toBe('done');
    expect(game.submission()).not.toBe(submission);
    expect(notesOf(record)).toMatch(
      /taken no notice for a minute, The operator says SparkApplicationSpecUpdateFailed.*try 1/,
    );
    await game.until(() => game.state() === 'RUNNING');
    game.simulation.spark.changesToLose = 3;
    const deaf = await game.plan({ operation: 'rerun' });
    const again = { ...deaf, id: 'plan-2' };
    const paused = await game.ended(game.attempt(again));
    expect(endOf(paused)).toMatch(
      /^paused: The Kubeflow Spark Operator \(spark-operator\/spark-operator-controller\) has taken no notice of it/,
    );
    expect(endOf(await game.ended(game.attempt(again, { earlier: paused })))).toBe('done');
  });
});

describe('Suspend and Resume', () => {
  test('the pods go and the application stays; resumed, it begins anew', async () => {
    const plan = await game.plan({ operation: 'suspend' });
    expect(plan.needsTypedName).toBe(true);
    expect(check(plan, 'suspend-known')).toMatchObject({
      state: 'holds',
      evidence: ['Version 2.5.2, and the definition has the field'],
    });
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
    expect(game.state()).toBe('SUSPENDED');
    expect([game.driver(), game.executors()]).toEqual([undefined, []]);
    expect(operations.offers(game.data()).find(({ operation }) => operation === 'suspend')).toMatchObject({
      isInMenu: false,
    });
    const before = game.submission();
    const resume = await game.plan({ operation: 'unsuspend' });
    expect(resume.needsTypedName).toBe(false);
    expect(endOf(await game.ended(game.attempt(resume)))).toBe('done');
    expect(game.submission()).not.toBe(before);
    await game.until(() => game.state() === 'RUNNING');
  });

  test('a definition without the field, or an operator before 2.4, is told apart before it is asked', async () => {
    game.dropped = ({ metadata }) => ({ metadata });
    expect(check(await game.plan({ operation: 'suspend' }), 'suspend-known')).toMatchObject({
      state: 'fails',
      evidence: ['The definition of its kind has no spec.suspend: the server drops the field'],
    });
    game.dropped = (patch) => patch;
    game.setOperatorVersion('2.3.0');
    expect(check(await game.plan({ operation: 'suspend' }), 'suspend-known')).toMatchObject({
      state: 'fails',
      evidence: ['Its version is 2.3.0, and it reads spec.suspend since 2.4'],
    });
  });

  test('a run that has ended meanwhile is not suspended', async () => {
    game.setDriverCourse(20_000, 0);
    game.edit({ arguments: ['short'] });
    await game.until(() => game.state() === 'RUNNING');
    const plan = await game.plan({ operation: 'suspend' });
    await game.until(() => game.state() === 'COMPLETED');
    expect(endOf(await game.ended(game.attempt(plan)))).toMatch(/^stopped: It has ended \(COMPLETED\)/);
    expect(valueAt(game.app(), 'spec', 'suspend')).toBeUndefined();
  });
});

describe('Stop', () => {
  test('the application and its pods go, and only once the name was asked for', async () => {
    const plan = await game.plan({ operation: 'stop' });
    expect(plan.needsTypedName).toBe(true);
    const record = await game.ended(game.attempt(plan));
    expect(endOf(record)).toBe('done');
    expect(game.app()).toBeUndefined();
    expect(game.driver()).toBeUndefined();
    expect(game.executors()).toEqual([]);
    expect(notesOf(record)).toContain('and its pods are gone');
  });

  test('it needs no operator', async () => {
    game.setOperator(0);
    await game.clock.pass(20_000);
    const plan = await game.plan({ operation: 'stop' });
    expect(check(plan, 'operator')).toBeUndefined();
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
  });

  test('without the right to delete nothing is planned to be done', async () => {
    game.isForbidden = ({ verb }) => verb === 'delete';
    expect(check(await game.plan({ operation: 'stop' }), 'rights')).toMatchObject({
      state: 'fails',
      evidence: ['No right to delete sparkapplications in analytics'],
    });
  });
});

describe('Edit and resubmit', () => {
  test('says what each field does, and ends with the new submission', async () => {
    const plan = await game.plan({
      operation: 'resubmit',
      manifest: manifest('  executor:\n    instances: 5\n    memory: 8g\n'),
    });
    expect(plan.needsTypedName).toBe(true);
    expect(check(plan, 'effects')).toMatchObject({ state: 'warns' });
    expect(check(plan, 'effects')?.evidence.join('\n')).toMatch(
      /what runs is killed[^]*spec\.executor\.instances \(3 → 5\) makes it run anew with that many executors[^]*spec\.executor\.memory \(4g → 8g\) makes it run anew/,
    );
    const before = game.submission();
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
    expect(game.submission()).not.toBe(before);
    await game.until(() => game.executors().length === 5);
  });

  test('a change of nothing but the time to live touches no run', async () => {
    const plan = await game.plan({ operation: 'resubmit', manifest: manifest('  timeToLiveSeconds: 3600\n') });
    expect(plan.needsTypedName).toBe(false);
    expect(check(plan, 'effects')?.evidence).toEqual([
      'spec.timeToLiveSeconds (none → 3600) touches no run; it counts from the end of the run, so that an application that ended longer ago is deleted at once',
    ]);
    const before = game.submission();
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
    await game.clock.pass(30_000);
    expect([game.submission(), game.state()]).toEqual([before, 'RUNNING']);
  });

  test('what is done by another verb, what looks like a secret and what changes nothing is refused', async () => {
    const suspend = await game.plan({ operation: 'resubmit', manifest: manifest('  suspend: true\n') });
    expect(check(suspend, 'effects')).toMatchObject({ state: 'fails' });
    const secret = manifest('  hadoopConf:\n    fs.s3a.secret.key: hunter2\n');
    await expect(game.plan({ operation: 'resubmit', manifest: secret })).rejects.toThrow(
      /holds a value of fs\.s3a\.secret\.key in clear/,
    );
    await expect(game.plan({ operation: 'resubmit', manifest: secret })).rejects.not.toThrow(/hunter2/);
    const same = manifest('  executor:\n    instances: 3\n');
    await expect(game.plan({ operation: 'resubmit', manifest: same })).rejects.toThrow(/nothing would be changed/);
    const other = manifest('  mode: cluster\n', undefined, 'other');
    await expect(game.plan({ operation: 'resubmit', manifest: other })).rejects.toThrow(
      /has no manifest of SparkApplication daily-report/,
    );
  });

  test('a suspended application takes the edit up and stays suspended', async () => {
    game.edit({ suspend: true });
    await game.until(() => game.state() === 'SUSPENDED');
    const plan = await game.plan({ operation: 'resubmit', manifest: manifest('  executor:\n    instances: 4\n') });
    expect(plan.needsTypedName).toBe(false);
    expect(check(plan, 'suspended')).toMatchObject({ state: 'warns' });
    expect(endOf(await game.ended(game.attempt(plan)))).toBe('done');
    await game.clock.pass(10_000);
    expect(game.state()).toBe('SUSPENDED');
  });

  test('somebody who takes the edit back is named, and nothing is claimed', async () => {
    const plan = await game.plan({ operation: 'resubmit', manifest: manifest('  executor:\n    instances: 5\n') });
    const attempt = game.attempt(plan);
    await game.until(() => valueAt(game.app(), 'spec', 'executor', 'instances') === 5);
    game.edit({ executor: { instances: 3 } }, 'argocd-controller');
    expect(endOf(await game.ended(attempt))).toMatch(
      /^stopped: Somebody has taken the change back by argocd-controller/,
    );
  });
});

describe('Change workers', () => {
  test('is refused for an application, with what does it', async () => {
    const offer = operations.offers(game.data()).find(({ operation }) => operation === 'workers');
    expect(offer?.refusal).toMatch(/cannot be changed while it runs.*dynamic allocation.*Edit and Resubmit/);
    await expect(game.plan({ operation: 'workers', to: 5 })).rejects.toThrow(/Dynamic allocation|dynamic allocation/);
  });
});

describe('a runner that dies at any of its calls', () => {
  test.each(['rerun', 'suspend', 'stop'] as const)(
    '%s is gone on with by another, and done once',
    async (operation) => {
      const probe = await new SparkGame().begin();
      const whole = probe.attempt(await probe.plan({ operation }));
      await probe.ended(whole);
      probe.stop();
      const { calls } = whole.fate;
      for (let diesAt = 4; diesAt < calls; diesAt += 5) {
        const own = await new SparkGame().begin();
        const plan = await own.plan({ operation });
        const first = own.attempt(plan, { fate: { ...alive(), diesAt, arrives: diesAt % 2 === 0 } });
        const early = await own.toTheEnd(first);
        const submission = own.submission();
        await own.clock.pass(120_000);
        const changed = own.submission();
        const earlier = early ?? (await own.journalled(plan));
        const record = await own.ended(own.attempt(plan, earlier ? { earlier } : {}));
        expect([diesAt, endOf(record)]).toEqual([diesAt, 'done']);
        if (operation === 'stop') expect(own.app()).toBeUndefined();
        if (operation === 'suspend') expect(own.state()).toBe('SUSPENDED');
        // What the first runner had asked for is not asked once more.
        if (operation === 'rerun' && earlier !== undefined && changed !== submission)
          expect(own.submission()).toBe(changed);
        own.stop();
      }
    },
    20_000,
  );
});
