import { describe, expect, test } from 'vitest';
import { changeSection } from '#core/operations/page/changes.ts';
import type { Plan, PlannedChange } from '#core/operations/model.ts';
import { describePlan } from '#core/operations/report.ts';
import { planText } from '#server/cli/operate/planText.ts';
import { planOf } from './plans.ts';

const changes: readonly PlannedChange[] = [
  { title: 'StatefulSet shop/orders', how: 'changed', fields: ['spec.text: <b>a</b> -> [b](c)'] },
  { title: 'ConfigMap shop/extra', how: 'deleted', fields: [] },
];
const plan: Plan = { ...planOf([]), changes };

describe('what a plan changes', () => {
  test('is on its page, its fields to be opened', () => {
    const text = JSON.stringify(changeSection(changes));
    expect(text).toContain('What changes: 2 objects');
    expect(text).toContain('spec.text: <b>a</b> -> [b](c)');
    expect(JSON.stringify(changeSection([]))).toContain('Every object is already as it will be.');
    expect(changeSection(undefined)).toBeUndefined();
  });

  test('is in the document, without links and tags', () => {
    const text = describePlan(plan);
    expect(text).toContain('## What changes\n\n- **changed** StatefulSet shop/orders\n');
    expect(text).toContain('- **DELETED** ConfigMap shop/extra');
    expect(text).not.toMatch(/<b>|\]\(c\)/);
  });

  test('is in the text of the command line', () => {
    expect(planText(plan, false)).toContain(
      'What changes\n  StatefulSet shop/orders is changed\n    spec.text: <b>a</b> -> [b](c)\n  ConfigMap shop/extra is DELETED\n',
    );
  });
});
