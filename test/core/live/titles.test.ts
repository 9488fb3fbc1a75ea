import { describe, expect, it } from 'vitest';
import { textOf } from '#core/live/detail/html.ts';
import { renderDetail } from '#core/live/detail/render.ts';
import { TreeModel } from '#core/live/tree/model.ts';
import type { TreeRow } from '#core/live/tree/row.ts';
import { clusterTitle, unitTitle } from '#core/live/tree/titles.ts';
import { placeText } from '#core/operations/page/words.ts';
import { describePlan } from '#core/operations/report.ts';
import { journalledRun } from '#core/operations/shownRun.ts';
import { clusterOf, contextOf, customOf, inputOf, judged, NOW, viewOf } from '#test/support/liveViews.ts';
import { planOf, recordOf, targetOf } from '#test/support/operationRuns.ts';

const training = (kind: string): ReturnType<typeof clusterOf> =>
  clusterOf('bert', {
    key: `tfjob/prod/bert/${kind}`,
    system: 'tfjob',
    flavour: kind === 'TrainJob' ? 'kubeflow-trainer' : 'kubeflow-training-operator',
    resource: customOf(kind, 'bert', { group: 'example.org' }),
    version: '',
  });

const bert = judged(training('TrainJob'));

const planned = planOf({
  target: targetOf({
    system: 'tfjob',
    name: 'bert',
    anchor: { apiVersion: 'trainer.kubeflow.org/v1alpha1', kind: 'TrainJob', name: 'bert', uid: 'u' },
  }),
});

function rowsOf(text = ''): readonly TreeRow[] {
  const operations = { runs: [journalledRun(recordOf({ plan: planned }))], limits: [] };
  const filter = { text, onlyUnhealthy: false };
  const input = inputOf([contextOf('shop', viewOf([bert]), { operations })], { filter });
  const model = new TreeModel(() => input);
  const below = (id: string | undefined): readonly TreeRow[] =>
    model.childrenOf(id).flatMap((row) => [row, ...below(row.id)]);
  return below(undefined);
}

const rowOf = (kind: string): TreeRow | undefined => rowsOf().find((row) => row.kind === kind);

describe('of the kinds of Spark', () => {
  it.each([
    ['SparkApplication', 'Spark application'],
    ['ScheduledSparkApplication', 'Spark schedule'],
    ['SparkCluster', 'Spark cluster'],
    ['SparkConnect', 'Spark Connect server'],
  ])('a %s is one %s of Spark', (kind, unit) => {
    const data = { ...training(kind), system: 'spark' } as const;
    expect([clusterTitle(data), unitTitle(data)]).toEqual(['Spark', unit]);
  });
});

describe('a TrainJob', () => {
  it('is called so, and every other kind by its system', () => {
    expect([clusterTitle(training('TrainJob')), unitTitle(training('TrainJob'))]).toEqual(['TrainJob', 'TrainJob']);
    expect([clusterTitle(training('TFJob')), unitTitle(training('TFJob'))]).toEqual(['TFJob', 'TFJob']);
    expect(clusterTitle({ system: 'tfjob', resource: undefined })).toBe('TFJob');
    expect(unitTitle({ system: 'spark', resource: undefined })).toBe('Spark application');
    // The names of a table, not what every object has.
    expect(clusterTitle(training('constructor'))).toBe('TFJob');
  });

  it('is called so in its row, and its row keeps its menu', () => {
    const row = rowOf('dataCluster.tfjob');
    expect(row?.description).toContain('TrainJob · Kubeflow Trainer');
    expect(row?.tooltip).toContain('TrainJob bert in the namespace prod');
    expect(`${row?.description}${row?.tooltip}${row?.accessibilityLabel}`).not.toContain('TFJob');
  });

  it.each(['trainjob', 'tfjob'])('is found by the word %s', (word) => {
    expect(rowsOf(word).map(({ label }) => label)).toContain('bert');
  });

  it('is called so on its page', () => {
    const story = { judged: bert, context: 'shop', isDemo: false, events: [], interruption: '', now: NOW };
    const page = textOf(renderDetail(story));
    expect(page).toContain('TrainJob (Kubeflow Trainer) in namespace prod of shop');
    expect(page).not.toContain('TFJob');
  });

  it('is called so wherever an operation on it is told of', () => {
    expect(placeText(planned.target)).toContain('TrainJob bert in namespace');
    expect(describePlan(planned)).toContain(', TrainJob `bert`');
    expect(rowOf('operation')?.tooltip).toContain('TrainJob bert in the namespace');
  });
});
